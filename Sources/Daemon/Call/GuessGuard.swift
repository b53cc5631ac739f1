import Metrics
import ModuleKit
import RPC
import Threading

/// Slows down who tries tokens: counts failed authentications of each source in a bucket that refills with time.
///
/// A source whose bucket is empty is told to wait, without a look-up. One table for all loops; its lock is taken only by
/// calls whose credential their connection does not know yet, so by no call of a warm connection.
final class GuessGuard: Sendable {
    struct Limits: Sendable {
        /// Failures in a row that a source may have.
        var burst: Int
        /// After which time one more may be had.
        var refill: Duration
        /// Sources that are told apart; those beyond share one bucket.
        var sourcesMax: Int
    }

    /// What is due when a source is slowed down: at most once an hour for each.
    enum Report: Equatable { case none, due }

    private struct Bucket {
        /// When it is full again; each failure puts that off by one refill.
        var fullAt: Timestamp
        var reportedAt: Timestamp?
    }

    private static let reportPause = Duration.seconds(3_600)

    private let limits: Limits
    private let buckets = Lock<[GuessSource: Bucket]>([:])
    private let failures: Counter
    private let slowed: Counter

    init(_ limits: Limits, metrics: MetricsRegistry) {
        self.limits = limits
        failures = metrics.counter("cordee_auth_failures_total", "Calls with a token that is not good.")
        slowed = metrics.counter(
            "cordee_auth_slowed_total", "Calls refused unseen, since their source had too many bad tokens.")
    }

    /// - Returns: how long the source must wait before its next token is looked at; nil for not at all.
    func wait(of source: GuessSource, at now: Timestamp) -> Duration? {
        let wait = buckets.withLock { buckets -> Duration? in
            guard let bucket = buckets[key(of: source, in: buckets)] else { return nil }
            let over = bucket.fullAt.microseconds - now.microseconds - span + refill
            return over > 0 ? .microseconds(over) : nil
        }
        if wait != nil { slowed.add() }
        return wait
    }

    /// Counts a failure.
    ///
    /// - Returns: whether the operator is to be told, since the bucket is empty now.
    func failed(_ source: GuessSource, at now: Timestamp) -> Report {
        failures.add()
        return buckets.withLock { buckets in
            makeRoom(in: &buckets, at: now)
            let key = key(of: source, in: buckets)
            var bucket = buckets[key] ?? Bucket(fullAt: now)
            bucket.fullAt = Timestamp(
                microseconds: max(bucket.fullAt.microseconds, now.microseconds) + refill)
            let isEmpty = bucket.fullAt.microseconds - now.microseconds > span - refill
            let isDue = isEmpty && bucket.reportedAt.map { $0 + Self.reportPause <= now } ?? true
            if isEmpty && isDue { bucket.reportedAt = now }
            buckets[key] = bucket
            return isEmpty && isDue ? .due : .none
        }
    }

    /// Microseconds in which one failure, and all of the burst, are forgiven.
    private var refill: Int64 { max(1, limits.refill.microsecondsClamped) }
    private var span: Int64 { refill * Int64(limits.burst) }

    private func key(of source: GuessSource, in buckets: [GuessSource: Bucket]) -> GuessSource {
        buckets[source] != nil || buckets.count < limits.sourcesMax ? source : .others
    }

    /// Forgets those that have nothing left to be forgiven, once the table is full.
    private func makeRoom(in buckets: inout [GuessSource: Bucket], at now: Timestamp) {
        guard buckets.count >= limits.sourcesMax else { return }
        buckets = buckets.filter { $0.key == .others || $0.value.fullAt > now }
    }
}

/// Where tokens come from: what an attacker cannot change at will.
enum GuessSource: Hashable, Sendable {
    /// The user behind a Unix socket.
    case user(UInt32)
    /// The numeric address of a TCP peer; of IPv6 the network, of which anybody has 2⁶⁴ addresses.
    case address(String)
    /// All beyond the bound of the table.
    case others

    var text: String {
        switch self {
        case .user(let uid): "uid \(uid)"
        case .address(let host): host
        case .others: "others"
        }
    }
}

extension Duration {
    fileprivate var microsecondsClamped: Int64 {
        let (seconds, attoseconds) = components
        return min(seconds, 1_000_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
