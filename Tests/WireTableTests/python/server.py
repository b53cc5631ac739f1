"""Serves the conformance service on a Unix socket: server.py SOCKET DESCRIPTORS [low].

With `low` its bounds are those that server-limits.txt asks for, else the document's.
"""

import asyncio
import collections
import datetime
import sys

from google.protobuf.message import DecodeError

import wire
from wire import DATA, NO_DATA, REMOTE_CLOSED, REMOTE_OPEN, RESPONSE, SERVICE, Failure

CALLS_MAX, HELD_MAX, STALL_SECONDS, UNSENT_SECONDS = (4, 4, 0.3, 0.3) if "low" in sys.argv else (1024, 64, 5, 30)
PAIRS_MAX, METADATA_BYTES_MAX, NAME_BYTES_MAX = 64, 16 << 10, 256
RETRY = datetime.timedelta(milliseconds=100)


class Call:
    """A call that is open, and the messages that its handler has not taken."""

    def __init__(self, types, method, is_json, metadata, first, is_open):
        self.types, self.method, self.is_json, self.metadata = types, method, is_json, metadata
        self.is_open = is_open
        self.held = collections.deque()
        self.changed = asyncio.Event()
        self.task = self.timer = None
        if first or not method.client_streaming:
            self.held.append(first)

    async def next(self):
        """The next message of the client; None after the last."""
        while self.is_open and not self.held:
            self.changed.clear()
            await self.changed.wait()
        if not self.held:
            return None
        return self.types.decode(self.method.input_type, self.held.popleft(), self.is_json)


class Handlers:
    """The service: each method is given its call, and a function that sends an answer."""

    def __init__(self, types):
        self.note, self.number = (types[f"cordee.conformance.v1.{name}"] for name in ("Note", "Number"))

    async def Echo(self, call, send):
        await send(await call.next())

    async def Count(self, call, send):
        request = await call.next()
        for value in range(1, request.last + 1):
            await send(self.number(value=value))
        if request.code:
            raise Failure(request.code, "TEST")

    async def Sum(self, call, send):
        total = 0
        while (number := await call.next()) is not None:
            total += number.value
        await send(self.number(value=total))

    async def Chat(self, call, send):
        while (note := await call.next()) is not None:
            await send(note)
            if note.text == "bye":
                return

    async def Fail(self, call, send):
        request = await call.next()
        raise Failure(request.code, request.reason)

    async def Wait(self, call, send):
        await asyncio.Event().wait()

    Hold = Wait

    async def Look(self, call, send):
        await send(self.note(text=call.metadata.get((await call.next()).text, "")))


class Connection:
    def __init__(self, types, handlers, writer):
        self.types, self.handlers, self.writer = types, handlers, writer
        self.calls, self.tasks = {}, set()
        self.last = 0

    async def serve(self, reader):
        async for stream, kind, flags, data in wire.read_frames(reader):
            if kind == wire.REQUEST:
                self.request(stream, flags, data)
            elif kind == DATA:
                await self.data(stream, flags, data)
        for call in self.calls.values():
            call.task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.writer.close()

    def request(self, stream, flags, data):
        if stream % 2 == 0 or stream <= self.last:
            return self.fail(stream, Failure(wire.INVALID_ARGUMENT, "STREAM_ID_INVALID"))
        self.last = stream
        is_json = False
        try:
            envelope = self.open(data)
            metadata = {pair.key.lower(): pair.value for pair in envelope.metadata}
            content = metadata.get("content-type", "application/protobuf").split(";")[0].strip().lower()
            is_json = content == "application/json"
            if envelope.service not in self.types.methods:
                raise Failure(wire.UNIMPLEMENTED, "UNKNOWN_SERVICE")
            method = self.types.methods[envelope.service].get(envelope.method)
            if method is None:
                raise Failure(wire.UNIMPLEMENTED, "UNKNOWN_METHOD")
            if not is_json and content != "application/protobuf":
                raise Failure(wire.INVALID_ARGUMENT, "CONTENT_TYPE_UNSUPPORTED")
            if envelope.service == wire.CONNECTION:
                return self.cancel(stream, self.types.decode(method.input_type, envelope.payload, is_json), is_json)
            self.check(method, flags, envelope.timeout_nano)
        except Failure as failure:
            return self.fail(stream, failure, is_json)
        metadata = {key: value for key, value in metadata.items() if not key.startswith("cordee-")}
        is_open = bool(flags & REMOTE_OPEN and not flags & REMOTE_CLOSED)
        call = self.calls[stream] = Call(self.types, method, is_json, metadata, envelope.payload, is_open)
        if envelope.timeout_nano:
            failure = Failure(wire.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED")
            loop = asyncio.get_running_loop()
            call.timer = loop.call_later(envelope.timeout_nano / 1e9, self.stop, stream, failure)
        call.task = asyncio.create_task(self.run(stream, call))
        # asyncio does not hold it, and it may still be ending when its call is over.
        self.tasks.add(call.task)
        call.task.add_done_callback(self.tasks.discard)

    def open(self, data):
        """The envelope, if it may be one."""
        if data is None:
            raise Failure(wire.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE")
        try:
            envelope = self.types["ttrpc.Request"].FromString(data)
        except DecodeError:
            raise Failure(wire.INVALID_ARGUMENT, "MALFORMED_ENVELOPE")
        pairs = [text for pair in envelope.metadata for text in (pair.key, pair.value)]
        names = [envelope.service, envelope.method]
        if any("\0" in text for text in names + pairs):
            raise Failure(wire.INVALID_ARGUMENT, "MALFORMED_ENVELOPE")
        is_long = any(len(name.encode()) > NAME_BYTES_MAX for name in names) or len(pairs) > 2 * PAIRS_MAX
        if is_long or sum(len(text.encode()) for text in pairs) > METADATA_BYTES_MAX:
            raise Failure(wire.RESOURCE_EXHAUSTED, "ENVELOPE_TOO_LARGE")
        return envelope

    def check(self, method, flags, timeout):
        """What stands against a call."""
        if len(self.calls) >= CALLS_MAX:
            raise Failure(wire.RESOURCE_EXHAUSTED, "TOO_MANY_CALLS", retry=RETRY)
        is_stream = method.client_streaming or method.server_streaming
        if is_stream and not flags & (REMOTE_CLOSED | REMOTE_OPEN):
            raise Failure(wire.INVALID_ARGUMENT, "STREAMING_REQUIRED")
        if not method.client_streaming and flags & REMOTE_OPEN and not flags & REMOTE_CLOSED:
            raise Failure(wire.INVALID_ARGUMENT, "STREAMING_UNSUPPORTED")
        if timeout < 0:
            raise Failure(wire.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED")

    async def data(self, stream, flags, data):
        call = self.calls.get(stream)
        if call is None:
            return self.fail(stream, Failure(wire.INVALID_ARGUMENT, "STREAM_NOT_OPEN"))
        if data is None:
            return self.stop(stream, Failure(wire.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE"))
        if not call.is_open:
            return self.stop(stream, Failure(wire.INVALID_ARGUMENT, "STREAM_HALF_CLOSED"))
        if not flags & NO_DATA:
            call.held.append(data)
        call.is_open = not flags & REMOTE_CLOSED
        call.changed.set()
        if len(call.held) > HELD_MAX:
            await self.stall(stream, call)

    async def stall(self, stream, call):
        """Reads nothing until the handler has taken some, or its time is over."""
        end = asyncio.get_running_loop().time() + STALL_SECONDS
        while len(call.held) > HELD_MAX and stream in self.calls:
            if asyncio.get_running_loop().time() > end:
                failure = Failure(wire.RESOURCE_EXHAUSTED, "STREAM_STALLED", retry=RETRY)
                return self.stop(stream, failure)
            await asyncio.sleep(0.001)

    async def run(self, stream, call):
        try:
            await self.answer(stream, call)
        except Failure as failure:
            self.stop(stream, failure)
        except ConnectionError:
            self.calls.pop(stream, None)

    async def answer(self, stream, call):
        async def send(message):
            data = self.types.encode(message, call.is_json)
            if call.method.server_streaming:
                await self.send(wire.frame(stream, DATA, 0, data))
            else:
                self.respond(stream, data)
        await getattr(self.handlers, call.method.name)(call, send)
        if call.method.server_streaming:
            self.writer.write(wire.frame(stream, DATA, REMOTE_CLOSED | NO_DATA))
        self.calls.pop(stream, None)

    async def send(self, data):
        self.writer.write(data)
        timer = asyncio.get_running_loop().call_later(UNSENT_SECONDS, self.writer.transport.abort)
        try:
            await self.writer.drain()
        finally:
            timer.cancel()

    def respond(self, stream, payload):
        response = self.types["ttrpc.Response"](payload=payload)
        self.writer.write(wire.frame(stream, RESPONSE, 0, response.SerializeToString()))

    def cancel(self, stream, request, is_json):
        self.stop(request.stream_id, Failure(wire.CANCELLED, "CANCELLED"))
        self.respond(stream, self.types.encode(self.types["cordee.system.v1.CancelResponse"](), is_json))

    def stop(self, stream, failure):
        call = self.calls.pop(stream, None)
        if call is None:
            return
        self.fail(stream, failure, call.is_json)
        if call.timer:
            call.timer.cancel()
        if call.task is not asyncio.current_task():
            call.task.cancel()

    def fail(self, stream, failure, is_json=False):
        status = self.types.status(failure)
        response = self.types["ttrpc.Response"](status=status)
        if is_json:
            response.payload = self.types.encode(status, True)
        self.writer.write(wire.frame(stream, RESPONSE, 0, response.SerializeToString()))


async def main(path, descriptors):
    types = wire.Types(descriptors)
    handlers = Handlers(types)
    server = await asyncio.start_unix_server(
        lambda reader, writer: Connection(types, handlers, writer).serve(reader), path)
    print("ready", file=sys.stderr, flush=True)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:3]))
