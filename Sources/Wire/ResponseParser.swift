import CProtobufC
import CWire

/// Reads ttrpc Responses, for the client; as `RequestParser` otherwise.
public final class ResponseParser {
    private let envelopeBytesMax: Int
    private let arena: EnvelopeArena
    private var isParsing = false

    /// - Parameter envelopeBytesMax: longest response with its payload, in bytes.
    public init(envelopeBytesMax: Int = FrameDecoder.dataBytesMaxDefault) {
        self.envelopeBytesMax = envelopeBytesMax
        let limits = EnvelopeLimits(envelopeBytesMax: envelopeBytesMax, metadataPairsMax: 0)
        arena = EnvelopeArena(bytesMax: limits.arenaBytesMax)
    }

    /// Parses `bytes` and gives the two fields to `body`, which sees them during this call only.
    ///
    /// - Parameters:
    ///   - bytes: the data of a Response frame; anything at all.
    ///   - body: must not parse another response with the same parser.
    public func parse<Value: ~Copyable>(
        _ bytes: RawSpan,
        _ body: (ResponseView) -> Value
    ) throws(EnvelopeError) -> Value {
        guard bytes.byteCount <= envelopeBytesMax else {
            throw .tooLong(byteCount: bytes.byteCount, max: envelopeBytesMax)
        }
        precondition(!isParsing, "a body parses another response in the same arena")
        isParsing = true
        defer {
            isParsing = false
            arena.reset()
        }
        // Proof: as in RequestParser.
        let response = unsafe bytes.withUnsafeBytes {
            unsafe ttrpc__response__unpack(arena.allocator, $0.count, $0.protobufStart)
        }
        guard let response = unsafe response else { throw .malformed }
        return unsafe body(ResponseView(response, parsedFrom: bytes))
    }
}

@available(*, unavailable)
extension ResponseParser: Sendable {}

/// A ttrpc Response that lies in its parser's arena; all bytes are borrowed from there.
// Proof: as in RequestView.
@safe
public struct ResponseView: ~Escapable {
    private let response: UnsafePointer<Ttrpc__Response>

    @_lifetime(copy bytes)
    init(_ response: UnsafeMutablePointer<Ttrpc__Response>, parsedFrom bytes: RawSpan) {
        unsafe self.response = UnsafePointer(response)
    }

    /// An encoded google.rpc.Status; empty when there is none, which is OK.
    public var statusBytes: RawSpan {
        @_lifetime(copy self)
        get { unsafe response.pointee.status.bytes(of: self) }
    }

    /// The response message, encoded.
    public var payload: RawSpan {
        @_lifetime(copy self)
        get { unsafe response.pointee.payload.bytes(of: self) }
    }
}
