"""What a client and a server share of the protocol of proto/README.md."""

import asyncio
import json
import struct

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.message import DecodeError

REQUEST, RESPONSE, DATA = 1, 2, 3
REMOTE_CLOSED, REMOTE_OPEN, NO_DATA = 1, 2, 4
DATA_BYTES_MAX = 4 << 20
CANCELLED, INVALID_ARGUMENT, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED = 1, 3, 4, 8, 12
SERVICE, CONNECTION = "cordee.conformance.v1.Conformance", "cordee.system.v1.Connection"


class Failure(Exception):
    """A call ends with a status."""

    def __init__(self, code, reason, text="", retry=None):
        super().__init__(reason)
        self.code, self.reason, self.text, self.retry = code, reason, text, retry


class Types:
    """Messages and methods by name, from what protoc has compiled."""

    def __init__(self, path):
        with open(path, "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
        self.pool = descriptor_pool.DescriptorPool()
        self.methods = {}
        for file in files:
            self.pool.AddSerializedFile(file.SerializeToString())
            for service in file.service:
                self.methods[f"{file.package}.{service.name}"] = {method.name: method for method in service.method}
        self.factory = message_factory.MessageFactory(self.pool)

    def __getitem__(self, name):
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name.removeprefix(".")))

    def encode(self, message, is_json):
        if is_json:
            return json_format.MessageToJson(message, descriptor_pool=self.pool).encode()
        return message.SerializeToString()

    def decode(self, name, data, is_json):
        """A message; raises Failure with the reason that a server answers."""
        if not is_json:
            try:
                return self[name].FromString(data)
            except DecodeError as error:
                raise Failure(INVALID_ARGUMENT, "MALFORMED_PAYLOAD", str(error))
        try:
            fields = json.loads(data or b"{}")
        except ValueError as error:
            raise Failure(INVALID_ARGUMENT, "MALFORMED_PAYLOAD", str(error))
        try:
            return json_format.ParseDict(fields, self[name](), descriptor_pool=self.pool)
        except json_format.ParseError as error:
            raise Failure(INVALID_ARGUMENT, "BAD_REQUEST", str(error))

    def status(self, failure):
        status = self["google.rpc.Status"](code=failure.code, message=failure.text or failure.reason)
        status.details.add().Pack(self["google.rpc.ErrorInfo"](reason=failure.reason, domain="cordee"))
        if failure.retry:
            info = self["google.rpc.RetryInfo"]()
            info.retry_delay.FromTimedelta(failure.retry)
            status.details.add().Pack(info)
        return status

    def reason(self, status):
        for detail in status.details:
            info = self["google.rpc.ErrorInfo"]()
            if detail.Unpack(info):
                return info.reason
        return "-"


def frame(stream, kind, flags=0, data=b""):
    return struct.pack(">IIBB", len(data), stream, kind, flags) + data


async def read_frames(reader):
    """Each frame that comes, as stream, type, flags and data; the data of one that is too long is None."""
    try:
        while True:
            length, stream, kind, flags = struct.unpack(">IIBB", await reader.readexactly(10))
            if length <= DATA_BYTES_MAX:
                yield stream, kind, flags, await reader.readexactly(length)
                continue
            yield stream, kind, flags, None
            while length > 0:
                length -= len(await reader.readexactly(min(length, 1 << 16)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return
