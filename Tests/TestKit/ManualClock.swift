public import Calendar
import Threading

/// A clock that stands still until a test moves it.
public final class ManualClock: Sendable {
    private let instant: Lock<Timestamp>

    public init(at start: Timestamp = Timestamp(seconds: 1_795_530_600)) { instant = Lock(start) }

    public var now: Timestamp { instant.withLock { $0 } }

    public func advance(by length: Duration) { instant.withLock { $0 += length } }
}
