import CProtobufC
import CWire

/// Reads ttrpc Requests by protobuf-c, in memory that it uses again: no allocation per request in the steady state.
///
/// One loop owns a parser; any number of its connections may share it, since nothing stays after a call.
public final class RequestParser {
    private let limits: EnvelopeLimits
    private let arena: EnvelopeArena
    private var isParsing = false

    public init(limits: EnvelopeLimits = EnvelopeLimits()) {
        self.limits = limits
        arena = EnvelopeArena(bytesMax: limits.arenaBytesMax)
    }

    /// Parses `bytes` and checks them against the limits, then gives them to `body`.
    ///
    /// - Parameters:
    ///   - bytes: the data of a Request frame; anything at all.
    ///   - body: sees the request during this call only. It must not parse another one with the same parser.
    /// - Returns: what `body` returns.
    public func parse<Value: ~Copyable>(
        _ bytes: RawSpan,
        _ body: (RequestView) -> Value
    ) throws(EnvelopeError) -> Value {
        guard bytes.byteCount <= limits.envelopeBytesMax else {
            throw .tooLong(byteCount: bytes.byteCount, max: limits.envelopeBytesMax)
        }
        precondition(!isParsing, "a body parses another request in the same arena")
        isParsing = true
        defer {
            isParsing = false
            arena.reset()
        }
        // Proof: the message lies in the arena, which is reset after `body` has returned; the view cannot outlive
        // `body`.
        let request = unsafe bytes.withUnsafeBytes {
            unsafe ttrpc__request__unpack(arena.allocator, $0.count, $0.protobufStart)
        }
        guard let request = unsafe request else { throw .malformed }
        let view = unsafe RequestView(request, parsedFrom: bytes)
        try check(view)
        return body(view)
    }

    private func check(_ request: RequestView) throws(EnvelopeError) {
        try checkName(request.service, .service)
        try checkName(request.method, .method)
        let count = request.metadataCount
        guard count <= limits.metadataPairsMax else {
            throw .tooManyMetadataPairs(count: count, max: limits.metadataPairsMax)
        }
        var byteCount = 0
        for index in 0..<count {
            byteCount += request.metadataKey(index).byteCount + request.metadataValue(index).byteCount
        }
        guard byteCount <= limits.metadataBytesMax else {
            throw .metadataTooLong(byteCount: byteCount, max: limits.metadataBytesMax)
        }
        for index in 0..<count {
            try checkText(request.metadataKey(index), .metadataKey)
            try checkText(request.metadataValue(index), .metadataValue)
        }
    }

    private func checkName(_ name: RawSpan, _ field: EnvelopeError.Field) throws(EnvelopeError) {
        guard name.byteCount <= limits.nameBytesMax else {
            throw .nameTooLong(field, byteCount: name.byteCount, max: limits.nameBytesMax)
        }
        try checkText(name, field)
    }

    private func checkText(_ text: RawSpan, _ field: EnvelopeError.Field) throws(EnvelopeError) {
        switch text.textFault() {
        case nil: return
        case .invalidUTF8: throw .invalidUTF8(field)
        case .embeddedNUL: throw .embeddedNUL(field)
        }
    }

    /// How many blocks of memory were ever made; constant in the steady state.
    package var arenaBlocksMadeCount: Int { arena.blocksMadeCount }
    /// Memory held between calls, in bytes.
    package var arenaHeldByteCount: Int { arena.heldByteCount }
}

@available(*, unavailable)
extension RequestParser: Sendable {}

extension EnvelopeLimits {
    /// Memory that protobuf-c needs for any envelope within the limits, and not much more for one beyond them.
    ///
    /// Every byte of content is copied once. A pair costs, each rounded up to 16: a KeyValue (64), key and value, its
    /// place in the array (8), and its place in the table of scanned fields (40, which doubles in size): 256 is above
    /// the sum.
    var arenaBytesMax: Int { envelopeBytesMax + 256 * metadataPairsMax + (64 << 10) }
}
