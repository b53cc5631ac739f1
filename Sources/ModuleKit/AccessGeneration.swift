import Synchronization
import Threading

/// Counts the changes of who may do what: what was looked up under an older number is looked up again.
///
/// It rises after a change is on disk and before the change is acknowledged. A look-up notes the number *before* its
/// read transaction begins; so a look-up that did not see the change can never carry the number of after it.
public final class AccessGeneration: Sendable {
    private let number = Atomic<UInt64>(0)
    private let listeners = Lock<[@Sendable () -> Void]>([])

    public init() {}

    public var current: UInt64 { number.load(ordering: .acquiring) }

    public func raise() {
        number.add(1, ordering: .acquiringAndReleasing)
        tell()
    }

    /// Has `listener` called, quickly and on any thread, after each rise and each `tell`; for as long as this lives.
    public func listen(_ listener: @escaping @Sendable () -> Void) { listeners.withLock { $0.append(listener) } }

    /// Has the listeners look anew though nothing has changed: the clock was moved.
    public func tell() {
        for listener in listeners.withLock({ $0 }) { listener() }
    }
}
