import SwiftProtobuf

/// Decoding and encoding of a call's messages, in both codecs.
enum Payload {
    /// Reads a message.
    ///
    /// - Throws: INVALID_ARGUMENT, reason MALFORMED_PAYLOAD, naming what is wrong as far as SwiftProtobuf tells.
    static func decode<M: Message>(
        _ type: M.Type, _ bytes: RawSpan, _ codec: PayloadCodec, depthMax: Int
    ) throws(Status) -> M {
        do {
            switch codec {
            case .protobuf:
                var options = BinaryDecodingOptions()
                options.messageDepthLimit = depthMax
                return try M(serializedBytes: bytes, partial: true, options: options)
            case .json:
                var options = JSONDecodingOptions()
                options.messageDepthLimit = depthMax
                return try M(jsonUTF8Bytes: [UInt8](copying: bytes), options: options)
            }
        } catch {
            throw CallFault.malformedPayload(what: describe(error)).status
        }
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case JSONDecodingError.unknownField(let name): "unknown field \"\(bounded(name))\""
        case let error as JSONDecodingError: "\(error)"
        case let error as BinaryDecodingError: "\(error)"
        default: bounded("\(error)")
        }
    }

    /// The text for a status, which must not repeat whatever was sent.
    private static func bounded(_ text: String) -> String {
        var text = text
        return text.withUTF8 { $0.span.bytes.printable() }
    }
}
