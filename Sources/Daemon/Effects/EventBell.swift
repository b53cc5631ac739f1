import Synchronization
import Threading

/// Tells who waits for events that there are new ones: rung by each commit that appended some, so that nobody polls.
///
/// It may ring for events that are not there (a COMMIT of unknown outcome): whoever is woken looks into the log.
final class EventBell: Sendable {
    private struct Waiter {
        let after: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var waiters: [UInt64: Waiter] = [:]
        var nextID: UInt64 = 0
        var listeners: [@Sendable () -> Void] = []
    }

    private let sequence = Atomic<Int64>(0)
    private let state = Lock(State())

    /// The highest sequence that was rung for; 0 before the first one since the start.
    var latest: Int64 { sequence.load(ordering: .acquiring) }

    /// Says that events up to `latest` may be in the log: to be called from `Transaction.onCommit`; from any thread.
    func ring(_ latest: Int64) {
        guard sequence.max(latest, ordering: .acquiringAndReleasing).oldValue < latest else { return }
        let (ready, listeners) = state.withLock { state in
            let ready = state.waiters.filter { $0.value.after < latest }
            for id in ready.keys { state.waiters[id] = nil }
            return (ready.values.map(\.continuation), state.listeners)
        }
        for continuation in ready { continuation.resume() }
        for listener in listeners { listener() }
    }

    /// Has `listener` called, quickly and on the writer's thread, each time that the bell rings; for as long as it lives.
    func listen(_ listener: @escaping @Sendable () -> Void) { state.withLock { $0.listeners.append(listener) } }

    /// Waits until `latest` is above `sequence`; it may be so already. It resumes where the task runs: on its loop.
    ///
    /// - Throws: when the task is cancelled, at once.
    func wait(after sequence: Int64) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { add(Waiter(after: sequence, continuation: $0), as: id) }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
        guard !Task.isCancelled else { throw CancellationError() }
    }

    private func add(_ waiter: Waiter, as id: UInt64) {
        state.withLock { $0.waiters[id] = waiter }
        // The bell or the cancellation may have come before the waiter was in the list: look again now that it is.
        guard latest > waiter.after || Task.isCancelled else { return }
        state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
    }
}
