import Synchronization
import Threading

/// Counts the changes of who may do what: what was looked up under an older number is looked up again.
///
/// It rises after a change is on disk and before the change is acknowledged. A look-up notes the number *before* its
/// read transaction begins; so a look-up that did not see the change can never carry the number of after it.
public final class AccessGeneration: Sendable {
    private let number = Atomic<UInt64>(0)
    private let watchers = Lock<[@Sendable () -> Void]>([])

    public init() {}

    public var current: UInt64 { number.load(ordering: .acquiring) }

    /// Calls `notify` after each change, on the thread that made it.
    public func watch(_ notify: @escaping @Sendable () -> Void) { watchers.withLock { $0.append(notify) } }

    public func raise() {
        number.add(1, ordering: .acquiringAndReleasing)
        tell()
    }

    /// Has all watchers look, also without a change: the clock was moved.
    public func tell() {
        for notify in watchers.withLock({ $0 }) { notify() }
    }
}
