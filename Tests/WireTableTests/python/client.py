"""A client that does what it is told on a control socket: client.py CONTROL DESCRIPTORS.

The commands and the reports are those of Tests/Fixtures/wire/README.md.
"""

import asyncio
import itertools
import re
import sys

from google.protobuf.message import DecodeError

import wire
from wire import DATA, NO_DATA, REMOTE_CLOSED, REMOTE_OPEN, REQUEST, RESPONSE, Failure

STREAM_ID_MAX = (1 << 31) - 1


class Broken(Exception):
    """There is no answer, or what came is none."""


class Call:
    """A call that is open; `report` is given each message, then None, or the error that ends it."""

    def __init__(self, method, is_json, report):
        self.method, self.is_json, self.report = method, is_json, report
        self.stream = 0
        self.timer = None
        self.answer = None

    @property
    def is_stream(self):
        return self.method.client_streaming or self.method.server_streaming


class Client:
    """One connection."""

    def __init__(self, types):
        self.types = types
        self.calls = {}
        self.next = 1
        self.writer = None
        self.reading = None

    async def connect(self, path):
        reader, self.writer = await asyncio.open_unix_connection(path)
        self.reading = asyncio.create_task(self.read(reader))

    def close(self):
        if self.writer:
            self.reading.cancel()
            self.writer.transport.abort()

    # What the caller does

    def call(self, service, name, request, report, is_json=False, timeout=0):
        """Opens a call; `request` is None for a method whose client sends any number of messages."""
        call = Call(self.types.methods[service][name], is_json, report)
        envelope = self.types["ttrpc.Request"](service=service, method=name, timeout_nano=timeout)
        if request is not None:
            envelope.payload = self.types.encode(request, is_json)
        if is_json:
            envelope.metadata.add(key="content-type", value="application/json")
        flags = 0
        if call.is_stream:
            flags = REMOTE_OPEN if call.method.client_streaming else REMOTE_CLOSED
        if timeout:
            call.timer = asyncio.get_running_loop().call_later(timeout / 1e9, self.expire, call)
        self.open(call, flags, envelope)
        return call

    def send(self, call, message):
        if call.stream in self.calls:
            self.write(call.stream, DATA, 0, self.types.encode(message, call.is_json))

    def finish(self, call):
        if call.stream in self.calls:
            self.write(call.stream, DATA, REMOTE_CLOSED | NO_DATA)

    def cancel(self, call):
        self.give_up(call, asyncio.CancelledError())

    # What becomes of it

    def open(self, call, flags, envelope):
        if self.next > STREAM_ID_MAX or self.writer.is_closing():
            return call.report(Broken())
        call.stream = self.next
        self.next += 2
        self.calls[call.stream] = call
        self.write(call.stream, REQUEST, flags, envelope.SerializeToString())

    def write(self, stream, kind, flags=0, data=b""):
        self.writer.write(wire.frame(stream, kind, flags, data))

    def expire(self, call):
        self.give_up(call, Failure(wire.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"))

    def give_up(self, call, error):
        """Ends a call from here: the server is told."""
        if self.calls.get(call.stream) is not call:
            return
        self.end(call, error)
        request = self.types["cordee.system.v1.CancelRequest"](stream_id=call.stream)
        self.call(wire.CONNECTION, "Cancel", request, lambda outcome: None)

    def end(self, call, outcome):
        del self.calls[call.stream]
        if call.timer:
            call.timer.cancel()
        if outcome is None and not call.method.server_streaming:
            if call.answer is None:
                return call.report(Broken())
            return call.report(call.answer)
        call.report(outcome)

    async def read(self, reader):
        async for stream, kind, flags, data in wire.read_frames(reader):
            call = self.calls.get(stream)
            if call is None or kind not in (RESPONSE, DATA):
                continue
            try:
                if data is None:
                    raise Broken("a frame that is too long")
                if kind == RESPONSE:
                    self.response(call, data)
                else:
                    self.data(call, flags, data)
            except (Broken, DecodeError) as error:
                if kind == RESPONSE:
                    self.end(call, error)
                else:
                    self.give_up(call, error)
        self.writer.close()
        for call in list(self.calls.values()):
            self.end(call, Broken())

    def response(self, call, data):
        response = self.types["ttrpc.Response"].FromString(data)
        if response.status.code:
            reason = self.types.reason(response.status)
            return self.end(call, Failure(response.status.code, reason, response.status.message))
        if response.payload or not call.method.server_streaming:
            self.message(call, response.payload)
        self.end(call, None)

    def data(self, call, flags, data):
        if not call.is_stream:
            raise Broken("data on a unary call")
        if not flags & NO_DATA:
            self.message(call, data)
        if flags & REMOTE_CLOSED:
            self.end(call, None)

    def message(self, call, data):
        try:
            message = self.types.decode(call.method.output_type, data, call.is_json)
        except Failure as failure:
            raise Broken(failure.reason)
        if call.method.server_streaming:
            call.report(message)
        else:
            call.answer = message


def parse(text):
    """Bytes as the table writes them."""
    out = b""
    for digits, count in re.findall(r"([0-9a-f]{2})(?:\*(\d+))?", text):
        out += bytes.fromhex(digits) * int(count or 1)
    return out


def written(data):
    runs = ((byte, len(list(run))) for byte, run in itertools.groupby(data))
    return "".join(f"{byte:02x}*{count}" if count > 64 else f"{byte:02x}" * count for byte, count in runs)


def reporter(name, control):
    """Writes down what becomes of a call."""
    def report(outcome):
        match outcome:
            case None: line = f"end {name}"
            case Failure(): line = f"error {name} {outcome.code} {outcome.reason}"
            case asyncio.CancelledError(): line = f"cancelled {name}"
            case Exception(): line = f"broken {name}"
            case message:
                data = message.SerializeToString()
                line = f"message {name} : {written(data)}" if data else f"message {name}"
        control.write(f"{line}\n".encode())
    return report


async def main(path, descriptors):
    types = wire.Types(descriptors)
    commands, control = await asyncio.open_unix_connection(path, limit=1 << 20)
    client, calls = Client(types), {}
    while line := (await commands.readline()).decode().rstrip("\n"):
        head, _, data = line.partition(" : ")
        word, name, *words = head.split()
        if word == "connect":
            client.close()
            client, calls = Client(types), {}
            await client.connect(name)
        elif word == "call":
            method = types.methods[wire.SERVICE][words[0]]
            timeout = next((int(word[8:]) for word in words if word.startswith("timeout=")), 0)
            request = None if method.client_streaming else types[method.input_type[1:]].FromString(parse(data))
            calls[name] = client.call(
                wire.SERVICE, words[0], request, reporter(name, control), "json" in words, timeout)
        elif word == "send":
            client.send(calls[name], types[calls[name].method.input_type[1:]].FromString(parse(data)))
        elif word == "finish":
            client.finish(calls[name])
        elif word == "cancel":
            client.cancel(calls[name])
    client.close()
    control.close()


asyncio.run(main(*sys.argv[1:]))
