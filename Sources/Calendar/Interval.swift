/// A stretch of time, half-open: `start` belongs to it, `end` does not, so that 10:00 end and 10:00 start do not clash.
public struct Interval: Hashable, Sendable {
    public let start: Timestamp
    public let end: Timestamp

    /// Nil when it would end before it starts. An empty one (start = end) is allowed and meets nothing.
    public init?(start: Timestamp, end: Timestamp) {
        guard start <= end else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// The time that really passes, which on the night of a clock change is not what the two clock times suggest.
    public var duration: Duration { end - start }

    public var isEmpty: Bool { start == end }

    public func contains(_ instant: Timestamp) -> Bool { start <= instant && instant < end }

    public func overlaps(_ other: Interval) -> Bool { max(start, other.start) < min(end, other.end) }

    /// The common part, or nil when there is none.
    public func intersection(_ other: Interval) -> Interval? {
        overlaps(other) ? Interval(start: max(start, other.start), end: min(end, other.end)) : nil
    }
}
