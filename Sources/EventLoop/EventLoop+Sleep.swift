import Threading

extension EventLoop {
    /// Suspends the calling task for `duration`, timed by this loop.
    ///
    /// - Throws: when the task is cancelled, at once, or when the loop stops.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        let sleeper = Sleeper(on: self)
        let isOver = await withTaskCancellationHandler {
            await withCheckedContinuation { sleeper.begin($0, duration) }
        } onCancel: {
            sleeper.cancel()
        }
        guard isOver else { throw CancellationError() }
    }
}

/// One sleep: whoever comes first, the timer, the cancellation or the loop's end, resumes the continuation.
private final class Sleeper: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Bool, Never>)
        case done
    }

    private let loop: EventLoop
    private let state = Lock(State.new)
    private let timer: LoopBound<TimerSlot>

    private final class TimerSlot {
        var timer: Timer?
    }

    init(on loop: EventLoop) {
        self.loop = loop
        timer = LoopBound(handing: TimerSlot(), to: loop)
    }

    func begin(_ continuation: CheckedContinuation<Bool, Never>, _ duration: Duration) {
        let isCancelled = state.withLock { state in
            guard case .new = state else { return true }
            state = .waiting(continuation)
            return false
        }
        guard !isCancelled else { return continuation.resume(returning: false) }
        if loop.isCurrent {
            arm(duration)
        } else if !loop.submit({ self.arm(duration) }) {
            finish(false)
        }
    }

    private func arm(_ duration: Duration) {
        guard state.withLock({ if case .waiting = $0 { true } else { false } }) else { return }
        timer.value.timer = loop.schedule(
            after: duration, { self.finish(true) }, abandoned: { self.finish(false) })
    }

    func cancel() {
        finish(false)
        loop.perform { self.timer.value.timer.take()?.cancel() }
    }

    private func finish(_ isOver: Bool) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            defer { state = .done }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        continuation?.resume(returning: isOver)
    }
}
