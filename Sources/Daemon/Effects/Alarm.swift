import EventLoop
import Threading

/// Wakes the one task that waits for it, on its loop: by a ring from any thread, or after a while.
///
/// A ring while nobody waits is kept for the next wait, so that none is lost between a look and a wait; several count
/// as one.
final class Alarm: Sendable {
    private enum State {
        case quiet
        case rung
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Lock(State.quiet)

    /// Ends the wait, this one or the next.
    func ring() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .waiting(let continuation) = state else {
                state = .rung
                return nil
            }
            state = .quiet
            return continuation
        }
        waiting?.resume()
    }

    /// Waits for a ring, for the end of `limit`, or for the task's cancellation; on the loop's thread.
    ///
    /// - Parameter limit: nil: only a ring or the cancellation ends it.
    func wait(on loop: EventLoop, atMost limit: Duration?) async {
        loop.preconditionCurrent()
        let timer = limit.map { limit in
            loop.schedule(after: limit, { self.ring() }, abandoned: { self.ring() })
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { begin($0) }
        } onCancel: {
            ring()
        }
        guard loop.isCurrent else { return }
        timer?.cancel()
    }

    private func begin(_ continuation: CheckedContinuation<Void, Never>) {
        let isRung = state.withLock { state -> Bool in
            if case .rung = state {
                state = .quiet
                return true
            }
            state = .waiting(continuation)
            return false
        }
        if isRung { continuation.resume() }
    }
}
