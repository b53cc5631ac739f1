extension FrameEncoder {
    /// Data of a request, in bytes; to compare with the bound before `appendRequest`.
    public static func requestDataByteCount(
        service: String,
        method: String,
        payloadByteCount: Int,
        timeoutNanoseconds: Int64,
        metadata: [(String, String)]
    ) -> Int {
        let timeout = UInt64(bitPattern: timeoutNanoseconds)
        return metadata.reduce(
            ProtobufField.byteCount(contentByteCount: service.utf8.count)
                + ProtobufField.byteCount(contentByteCount: method.utf8.count)
                + ProtobufField.byteCount(contentByteCount: payloadByteCount)
                + (timeout == 0 ? 0 : 1 + ProtobufField.varintByteCount(timeout))
        ) { sum, pair in
            sum + ProtobufField.presentByteCount(contentByteCount: pairByteCount(pair))
        }
    }

    /// Appends the frame that opens a stream.
    ///
    /// - Parameters:
    ///   - flags: none for a unary call.
    ///   - timeoutNanoseconds: how long the caller waits from now; 0: no limit.
    ///   - metadata: pairs in order; a key may come again. Text without NUL, or the server refuses the call.
    public static func appendRequest(
        to output: inout [UInt8],
        streamID: UInt32,
        flags: FrameFlags,
        service: String,
        method: String,
        payload: RawSpan,
        timeoutNanoseconds: Int64,
        metadata: [(String, String)]
    ) {
        let dataByteCount = requestDataByteCount(
            service: service, method: method, payloadByteCount: payload.byteCount,
            timeoutNanoseconds: timeoutNanoseconds, metadata: metadata)
        output.reserveCapacity(output.count + FrameHeader.byteCount + dataByteCount)
        appendHeader(dataByteCount, streamID, .request, flags, to: &output)
        ProtobufField.append(RequestField.service, service, to: &output)
        ProtobufField.append(RequestField.method, method, to: &output)
        ProtobufField.append(RequestField.payload, payload, to: &output)
        ProtobufField.append(RequestField.timeout, timeoutNanoseconds, to: &output)
        for pair in metadata {
            ProtobufField.appendHead(RequestField.metadata, contentByteCount: pairByteCount(pair), to: &output)
            ProtobufField.append(PairField.key, pair.0, to: &output)
            ProtobufField.append(PairField.value, pair.1, to: &output)
        }
    }

    private static func pairByteCount(_ pair: (String, String)) -> Int {
        ProtobufField.byteCount(contentByteCount: pair.0.utf8.count)
            + ProtobufField.byteCount(contentByteCount: pair.1.utf8.count)
    }
}

/// Field numbers of ttrpc's Request (proto/ttrpc/envelope.proto).
private enum RequestField {
    static let service: UInt8 = 1
    static let method: UInt8 = 2
    static let payload: UInt8 = 3
    static let timeout: UInt8 = 4
    static let metadata: UInt8 = 5
}

/// Field numbers of ttrpc's KeyValue.
private enum PairField {
    static let key: UInt8 = 1
    static let value: UInt8 = 2
}
