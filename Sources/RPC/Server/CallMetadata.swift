import Wire

/// What a call's metadata says, read once while the envelope is there; nothing is allocated for the usual keys.
struct CallMetadata {
    /// Nil for a `content-type` that we do not speak.
    let codec: PayloadCodec?
    let headers: HeaderSet
    /// From `traceparent`; nil when it is absent or not valid.
    let trace: TraceID?
    /// The other pairs, in order; keys in lower case.
    let others: [(key: String, value: String)]

    /// Keys that begin so are the daemon's own between its parts: what comes from outside is dropped (DESIGN §2).
    static let reservedPrefix: StaticString = "cordee-"

    /// - Parameters:
    ///   - last: the set of the connection's last call.
    ///   - nextID: the connection's counter of credentials seen.
    init(_ request: borrowing RequestView, last: HeaderSet, nextID: inout UInt64) {
        var authorization = RawSpan()
        var acceptLanguage = RawSpan()
        var codec: PayloadCodec? = .protobuf
        var trace: TraceID?
        var others: [(key: String, value: String)] = []
        for index in 0..<request.metadataCount {
            let key = request.metadataKey(index)
            if key.equals(lowercase: "authorization") {
                authorization = request.metadataValue(index)
            } else if key.equals(lowercase: "accept-language") {
                acceptLanguage = request.metadataValue(index)
            } else if key.equals(lowercase: "traceparent") {
                trace = TraceID(traceparent: request.metadataValue(index))
            } else if key.equals(lowercase: "content-type") {
                codec = PayloadCodec(contentType: request.metadataValue(index))
            } else if !key.hasPrefix(lowercase: Self.reservedPrefix) {
                others.append((key.text.lowercased(), request.metadataValue(index).text))
            }
        }
        (self.codec, self.trace, self.others) = (codec, trace, others)
        headers = last.with(authorization: authorization, acceptLanguage: acceptLanguage, nextID: &nextID)
    }

    /// The value of a key that is written in lower case; the first one if it came more than once.
    subscript(key: StaticString) -> String? {
        let key = "\(key)"
        switch key {
        case "authorization":
            return headers.authorization.isEmpty ? nil : String(decoding: headers.authorization, as: UTF8.self)
        case "accept-language":
            return headers.acceptLanguage.isEmpty ? nil : String(decoding: headers.acceptLanguage, as: UTF8.self)
        default: return others.first { $0.key == key }?.value
        }
    }
}

extension RawSpan {
    /// The UTF-8 text, as the envelope's parser has checked it.
    fileprivate var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
