/// An instant: whole microseconds since 1970-01-01T00:00:00Z, leap seconds not counted (as POSIX and protobuf do).
///
/// It lies between the years 1 and 9999, where RFC 3339 and `google.protobuf.Timestamp` end; arithmetic that would leave
/// them stops at the bound, so no input can overflow it.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the epoch; negative before 1970.
    public let microseconds: Int64

    /// 0001-01-01T00:00:00Z.
    public static let min = Timestamp(unchecked: -62_135_596_800_000_000)
    /// 9999-12-31T23:59:59.999999Z.
    public static let max = Timestamp(unchecked: 253_402_300_799_999_999)

    private init(unchecked microseconds: Int64) { self.microseconds = microseconds }

    /// The instant so many microseconds after the epoch, or the nearer bound when that lies outside of the years 1…9999.
    public init(microseconds: Int64) {
        self.microseconds = Swift.min(Swift.max(microseconds, Self.min.microseconds), Self.max.microseconds)
    }

    /// The instant so many seconds after the epoch, or the nearer bound.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(microseconds: overflow ? (seconds < 0 ? .min : .max) : product)
    }

    /// Whole seconds since the epoch, rounded towards the past.
    public var seconds: Int64 { microseconds.floorDivided(by: 1_000_000).quotient }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The instant that much later; a fraction of a microsecond is rounded towards the past.
    public static func + (instant: Timestamp, length: Duration) -> Timestamp {
        let (sum, overflow) = instant.microseconds.addingReportingOverflow(length.wholeMicroseconds)
        return Timestamp(microseconds: overflow ? (length < .zero ? .min : .max) : sum)
    }

    /// The instant that much earlier.
    public static func - (instant: Timestamp, length: Duration) -> Timestamp { instant + (.zero - length) }

    /// The length from `right` to `left`, negative when `left` is the earlier one.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        // Proof: both lie within ±2.6e17, so that the difference fits.
        .microseconds(left.microseconds - right.microseconds)
    }

    public static func += (instant: inout Timestamp, length: Duration) { instant = instant + length }
    public static func -= (instant: inout Timestamp, length: Duration) { instant = instant - length }
}

extension Duration {
    /// The length in microseconds, rounded down and bounded by what an `Int64` holds.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let fraction = attoseconds.floorDivided(by: 1_000_000_000_000).quotient
        let (sum, overflowed) = product.addingReportingOverflow(fraction)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }
}

extension Int64 {
    /// Division that rounds down, so that the remainder is never negative. `divisor` is positive.
    func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
