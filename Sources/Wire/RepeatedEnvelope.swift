#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Recognises a request that differs from the one before it in nothing but its payload, as most calls of a client do.
///
/// What protobuf-c found in that one, and the checks that it passed, then hold again: the same fields in the same
/// order, byte for byte, but for the content of `payload`, at which neither looks. Parsing and checking an envelope
/// took a third of the time of a small call (`make bench`).
public struct RepeatedEnvelope {
    /// The tag of `payload` in Request (proto/ttrpc/envelope.proto): field 3, with a length.
    private static let payloadTag: UInt8 = 3 << 3 | 2
    /// Longer ones are not worth their memory; a token and a trace fit many times.
    private static let keptByteCountMax = 4_096

    /// All before the payload's length: the fields in front of it, and its tag. Empty when nothing is remembered.
    private var head: [UInt8] = []
    /// The fields behind it.
    private var tail: [UInt8] = []

    public init() {}

    /// Remembers a request that was parsed without an error, unless it has no payload or more than one.
    public mutating func remember(_ envelope: RawSpan) {
        head.removeAll(keepingCapacity: true)
        tail.removeAll(keepingCapacity: true)
        guard let payload = Self.onlyPayload(of: envelope), payload.headByteCount <= Self.keptByteCountMax,
            envelope.byteCount - payload.end <= Self.keptByteCountMax
        else { return }
        head.append(envelope.extracting(first: payload.headByteCount))
        tail.append(envelope.extracting(payload.end...))
    }

    /// Where the payload lies in a request that is as the remembered one otherwise; nil if it is not.
    public func payload(in envelope: RawSpan) -> Range<Int>? {
        // Proof: a UInt8 has no padding, so every byte of the arrays is initialised.
        let (head, tail) = unsafe (self.head.span.bytes, self.tail.span.bytes)
        guard !head.isEmpty, envelope.byteCount > head.byteCount + tail.byteCount,
            envelope.extracting(first: head.byteCount).isEqual(to: head)
        else { return nil }
        var offset = head.byteCount
        guard let byteCount = Self.length(in: envelope, at: &offset),
            byteCount == envelope.byteCount - offset - tail.byteCount,
            envelope.extracting(last: tail.byteCount).isEqual(to: tail)
        else { return nil }
        return offset..<offset + byteCount
    }

    /// Where the one payload's tag and content end; nil if there is none, or more than one, or a field that has neither
    /// a length nor is a number.
    private static func onlyPayload(of envelope: RawSpan) -> (headByteCount: Int, end: Int)? {
        var found: (headByteCount: Int, end: Int)?
        var offset = 0
        while offset < envelope.byteCount {
            let tag = envelope.uint8(at: offset)
            offset += 1
            let headByteCount = offset
            guard tag < 0x80, let number = length(in: envelope, at: &offset) else { return nil }
            guard tag & 7 == 2 else {
                if tag & 7 == 0 { continue }
                return nil
            }
            guard number <= envelope.byteCount - offset else { return nil }
            offset += number
            if tag == payloadTag {
                guard found == nil else { return nil }
                found = (headByteCount, offset)
            }
        }
        return found
    }

    /// A varint of at most nine bytes, behind which `offset` then is; nil for a longer one or the end of the bytes.
    private static func length(in bytes: RawSpan, at offset: inout Int) -> Int? {
        var value = 0
        var shift = 0
        while offset < bytes.byteCount, shift < 63 {
            let byte = bytes.uint8(at: offset)
            offset += 1
            value |= Int(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}

extension RawSpan {
    /// Whether the bytes are the same.
    fileprivate func isEqual(to other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        // Proof: both are `byteCount` initialised bytes for the time of the call.
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                return unsafe memcmp(left, right, byteCount) == 0
            }
        }
    }
}
