/// Appends whole frames to the bytes that a connection will write; the array is the connection's and is used again.
///
/// Nothing here limits a size: the caller compares the `…DataByteCount` of a frame with its bound first, since a peer
/// skips a frame that is too long.
public enum FrameEncoder {
    /// Data of an OK response with such a payload, in bytes.
    public static func responseDataByteCount(payloadByteCount: Int) -> Int {
        ProtobufField.byteCount(contentByteCount: payloadByteCount)
    }

    /// Appends an OK response whose payload `fill` writes in place.
    ///
    /// It has no `status` field: Go's server writes none either for OK (its `status.FromError(nil)` is nil), and its
    /// client takes an absent one as OK.
    ///
    /// - Parameters:
    ///   - payloadByteCount: exact length of what `fill` writes.
    ///   - fill: appends the payload to room that is not initialised; when it throws, `output` is as it was before.
    public static func appendResponse<Failure: Error>(
        to output: inout [UInt8],
        streamID: UInt32,
        payloadByteCount: Int,
        _ fill: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let start = output.count
        let dataByteCount = responseDataByteCount(payloadByteCount: payloadByteCount)
        appendHeader(dataByteCount, streamID, .response, [], to: &output)
        if payloadByteCount > 0 {
            ProtobufField.appendHead(ResponseField.payload, contentByteCount: payloadByteCount, to: &output)
        }
        try appendFilled(payloadByteCount, frameStart: start, to: &output, fill)
    }

    /// Appends an OK response with a payload that is already encoded.
    public static func appendResponse(to output: inout [UInt8], streamID: UInt32, payload: RawSpan) {
        let dataByteCount = responseDataByteCount(payloadByteCount: payload.byteCount)
        appendHeader(dataByteCount, streamID, .response, [], to: &output)
        ProtobufField.append(ResponseField.payload, payload, to: &output)
    }

    /// Appends a response that tells a failure.
    ///
    /// - Parameters:
    ///   - statusBytes: an encoded google.rpc.Status. An empty one is OK, by the meaning of proto3.
    ///   - payload: the same for who does not read protobuf; empty for none.
    public static func appendFailure(
        to output: inout [UInt8], streamID: UInt32, statusBytes: RawSpan, payload: RawSpan = RawSpan()
    ) {
        let dataByteCount =
            ProtobufField.byteCount(contentByteCount: statusBytes.byteCount)
            + ProtobufField.byteCount(contentByteCount: payload.byteCount)
        appendHeader(dataByteCount, streamID, .response, [], to: &output)
        ProtobufField.append(ResponseField.status, statusBytes, to: &output)
        ProtobufField.append(ResponseField.payload, payload, to: &output)
    }

    /// Appends a message of a stream; with `.noData` the payload is empty and means no message.
    public static func appendData(to output: inout [UInt8], streamID: UInt32, flags: FrameFlags, payload: RawSpan) {
        appendHeader(payload.byteCount, streamID, .data, flags, to: &output)
        output.append(payload)
    }

    /// Appends a message of a stream that `fill` writes in place; as `appendResponse` otherwise.
    public static func appendData<Failure: Error>(
        to output: inout [UInt8],
        streamID: UInt32,
        flags: FrameFlags,
        payloadByteCount: Int,
        _ fill: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let start = output.count
        appendHeader(payloadByteCount, streamID, .data, flags, to: &output)
        try appendFilled(payloadByteCount, frameStart: start, to: &output, fill)
    }

    /// Appends what `fill` writes, or takes the frame back when it throws.
    private static func appendFilled<Failure: Error>(
        _ byteCount: Int,
        frameStart: Int,
        to output: inout [UInt8],
        _ fill: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let payloadStart = output.count
        do throws(Failure) {
            try output.append(addingCapacity: byteCount, initializingWith: fill)
        } catch {
            output.removeLast(output.count - frameStart)
            throw error
        }
        // The header is written already: a payload of another length would shift every later frame.
        precondition(output.count - payloadStart == byteCount, "the payload is not as long as was said")
    }

    static func appendHeader(
        _ dataByteCount: Int,
        _ streamID: UInt32,
        _ type: FrameType,
        _ flags: FrameFlags,
        to output: inout [UInt8]
    ) {
        // One look at the array for all ten bytes.
        output.append(addingCapacity: FrameHeader.byteCount) { (header: inout OutputSpan<UInt8>) in
            header.appendBigEndian(UInt32(dataByteCount))
            header.appendBigEndian(streamID)
            header.append(type.rawValue)
            header.append(flags.rawValue)
        }
    }
}

/// Field numbers of ttrpc's Response (proto/ttrpc/envelope.proto).
private enum ResponseField {
    static let status: UInt8 = 1
    static let payload: UInt8 = 2
}
