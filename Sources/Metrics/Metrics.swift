import Synchronization

/// A number that only rises: calls answered, bytes read.
public final class Counter: Sendable {
    private let cell = Atomic<Int64>(0)
    public init() {}
    public func add(_ amount: Int64 = 1) { cell.add(amount, ordering: .relaxed) }
    public var value: Int64 { cell.load(ordering: .relaxed) }
}

/// A number that rises and falls: open connections, bytes waiting.
public final class Gauge: Sendable {
    private let cell = Atomic<Int64>(0)
    public init() {}
    public func add(_ amount: Int64) { cell.add(amount, ordering: .relaxed) }
    public func set(_ value: Int64) { cell.store(value, ordering: .relaxed) }
    public var value: Int64 { cell.load(ordering: .relaxed) }
}

/// How often values fell into each power of two: bucket `i` counts values below 2^i, the last one all others.
///
/// The unit is the metric's own and stands at the end of its name (`_us`, `_bytes`).
public final class Histogram: Sendable {
    public static let bucketCount = 32
    private let buckets: [Counter]
    private let total = Counter()

    public init() { buckets = (0..<Self.bucketCount).map { _ in Counter() } }

    /// Counts a value that occurred `times` times.
    public func record(_ value: Int64, times: Int64 = 1) {
        let bits = Int64.bitWidth - max(value, 0).leadingZeroBitCount
        buckets[min(bits, Self.bucketCount - 1)].add(times)
        total.add(max(value, 0) * times)
    }

    public var snapshot: (counts: [Int64], sum: Int64) { (buckets.map(\.value), total.value) }
}
