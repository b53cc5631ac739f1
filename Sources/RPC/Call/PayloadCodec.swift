/// How a call's messages are written: as protobuf, or as protobuf-JSON with the metadata `content-type`.
public enum PayloadCodec: Sendable, Equatable {
    case protobuf
    case json

    /// The codec that a `content-type` names; nil for one that we do not speak. Its parameters do not count.
    init?(contentType: RawSpan) {
        var end = 0
        while end < contentType.byteCount, contentType.byte(at: end) != UInt8(ascii: ";") { end += 1 }
        while end > 0, contentType.byte(at: end - 1) == UInt8(ascii: " ") { end -= 1 }
        let name = contentType.extracting(first: end)
        if name.equals(lowercase: "application/json") {
            self = .json
        } else if name.equals(lowercase: "application/protobuf") || name.equals(lowercase: "application/x-protobuf") {
            self = .protobuf
        } else {
            return nil
        }
    }
}
