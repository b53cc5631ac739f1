import Synchronization

/// Whether anybody still waits for a call's answer; to be looked at from any thread before work begins.
///
/// It is set by the deadline, a closed connection and the end of the server, never taken back.
public final class CallCancellation: Sendable {
    private let flag: Atomic<Bool>

    init(isCancelled: Bool) { flag = Atomic(isCancelled) }

    public var isCancelled: Bool { flag.load(ordering: .acquiring) }

    func cancel() { flag.store(true, ordering: .releasing) }
}
