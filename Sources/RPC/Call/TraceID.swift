/// The id of a call: the trace-id of W3C Trace Context (§3.2.2.3), 16 bytes, written as 32 lower-case hex digits.
struct TraceID: Equatable, Sendable {
    let high: UInt64
    let low: UInt64

    /// A new random one.
    static func random() -> TraceID {
        TraceID(high: .random(in: 1 ... .max), low: .random(in: 0 ... .max))
    }

    init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// The trace-id of a `traceparent`: `00-<32 hex>-<16 hex>-<2 hex>`. Nil when it is not one, or all zero (§3.2.2.3),
    /// or of the version ff (§3.2.2.1); a later version may carry more after a dash (§4.3).
    init?(traceparent: RawSpan) {
        guard traceparent.byteCount >= 55 else { return nil }
        if traceparent.byteCount > 55 && traceparent.byte(at: 55) != UInt8(ascii: "-") { return nil }
        let dash = UInt8(ascii: "-")
        guard traceparent.byte(at: 2) == dash, traceparent.byte(at: 35) == dash, traceparent.byte(at: 52) == dash,
            let version = traceparent.hex(at: 0, digits: 2), version != 0xff,
            version != 0 || traceparent.byteCount == 55,
            let high = traceparent.hex(at: 3, digits: 16), let low = traceparent.hex(at: 19, digits: 16),
            high | low != 0, let parent = traceparent.hex(at: 36, digits: 16), parent != 0,
            traceparent.hex(at: 53, digits: 2) != nil
        else { return nil }
        (self.high, self.low) = (high, low)
    }

    /// The 32 digits.
    var text: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            for digit in 0..<16 {
                buffer[digit] = Self.digit(high >> UInt64(60 - 4 * digit))
                buffer[16 + digit] = Self.digit(low >> UInt64(60 - 4 * digit))
            }
            return 32
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value & 15)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension RawSpan {
    /// The number that lower-case hex digits write; nil if one of them is not.
    fileprivate func hex(at start: Int, digits: Int) -> UInt64? {
        var value: UInt64 = 0
        for index in start..<start + digits {
            let digit = byte(at: index)
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
