import EventLoop
import Metrics
import Synchronization

/// Calls that are not answered when their handler returns.
extension ServerConnection {
    func keepOpen(_ call: ServerCall) {
        // The handler may have closed the connection.
        guard !isClosed else { return call.abandon() }
        calls[call.streamID] = call
        call.isOpen = true
        core.openCallCount.add(1, ordering: .relaxed)
        core.metrics.callsOpen.add(1)
        if call.deadline != nil { context.deadlines.insert(call) }
    }

    /// The call has its answer, or nobody waits for it any more.
    func release(_ call: ServerCall) {
        call.isOpen = false
        calls[call.streamID] = nil
        core.openCallCount.subtract(1, ordering: .relaxed)
        core.metrics.callsOpen.add(-1)
        context.deadlines.remove(call)
        relieve()
        if calls.isEmpty { lastActiveAt = EventLoop.nanosecondsNow() }
        context.connectionIsIdle(self)
    }
}
