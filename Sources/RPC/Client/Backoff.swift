/// How long to wait before connecting again: a random part of a bound that grows with each failure ("full jitter"), so
/// that the clients of a server that comes back do not come all at once.
public struct Backoff: Sendable {
    /// The bound after the first failure.
    public var initial: Duration
    /// What each further failure multiplies the bound by; at least 1.
    public var factor: Double
    /// The bound never grows above this one.
    public var cap: Duration
    /// Which part of the bound is waited, 0 to 1; a test puts its own numbers here.
    public var jitter: @Sendable () -> Double

    public init(
        initial: Duration = .milliseconds(100), factor: Double = 1.6, cap: Duration = .seconds(30),
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        (self.initial, self.factor, self.cap, self.jitter) = (initial, factor, cap, jitter)
    }

    /// The longest wait after so many failures in a row, at least one.
    func bound(afterFailures count: Int) -> Duration {
        var bound = min(initial, cap)
        // With a factor of 1 it never reaches the cap; with the least useful one it has long before.
        for _ in 1..<min(max(count, 1), 1_000) where bound < cap { bound = min(bound * max(factor, 1), cap) }
        return bound
    }

    /// The wait after so many failures in a row.
    func delay(afterFailures count: Int) -> Duration { bound(afterFailures: count) * min(max(jitter(), 0), 1) }
}
