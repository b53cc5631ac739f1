import SwiftProtobuf

/// Decoding and encoding of a call's messages, in both codecs.
enum Payload {
    /// Reads a message.
    ///
    /// - Throws: INVALID_ARGUMENT: reason BAD_REQUEST with the field of JSON that is unknown or has a wrong value, else
    ///   MALFORMED_PAYLOAD, naming what is wrong as far as SwiftProtobuf tells.
    static func decode<M: Message>(
        _ type: M.Type, _ bytes: RawSpan, _ codec: PayloadCodec, depthMax: Int
    ) throws(Status) -> M {
        switch codec {
        case .protobuf: try decode(protobuf: bytes, depthMax: depthMax)
        case .json: try decode(json: [UInt8](copying: bytes), depthMax: depthMax)
        }
    }

    private static func decode<M: Message>(protobuf bytes: RawSpan, depthMax: Int) throws(Status) -> M {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = depthMax
        do { return try M(serializedBytes: bytes, partial: true, options: options) } catch {
            throw CallFault.malformedPayload(what: describe(error)).status
        }
    }

    private static func decode<M: Message>(json bytes: [UInt8], depthMax: Int) throws(Status) -> M {
        var options = JSONDecodingOptions()
        options.messageDepthLimit = depthMax
        do { return try M(jsonUTF8Bytes: bytes, options: options) } catch {
            if case JSONDecodingError.messageDepthLimit = error {
            } else if let violation = JSONFaultFinder<M>.violation(in: bytes, options) {
                var violations = Violations()
                violations.add(violation.field, violation.reason, fr: violation.text.fr, en: violation.text.en)
                try violations.throwIfAny()
            }
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
