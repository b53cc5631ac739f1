import EventLoop

/// Where tasks of one loop wait until something may have changed; woken, each looks again by itself.
///
/// So a continuation has one owner, this list, and any number of causes: a message, room, an end, a cancellation.
final class Signal {
    private var waiting: [CheckedContinuation<Void, Never>] = []

    var isEmpty: Bool { waiting.isEmpty }

    /// Resumes all that wait.
    func wake() {
        guard !waiting.isEmpty else { return }
        var ready: [CheckedContinuation<Void, Never>] = []
        swap(&ready, &waiting)
        for continuation in ready { continuation.resume() }
    }

    fileprivate func add(_ continuation: CheckedContinuation<Void, Never>) { waiting.append(continuation) }
}

@available(*, unavailable) extension Signal: Sendable {}

extension LoopBound where Value == Signal {
    /// Waits for the next `wake`, or until the task is cancelled; not at all if `mustWait` does not hold (any more).
    ///
    /// It is asked in the step that takes the place in the list: between a look of the caller's and this the loop may have
    /// run other jobs, the wake-up too.
    /// - Throws: `CancellationError`, if it is.
    func wait(while mustWait: () -> Bool) async throws(CancellationError) {
        guard !Task.isCancelled else { throw CancellationError() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if mustWait() { value.add(continuation) } else { continuation.resume() }
            }
        } onCancel: {
            loop.execute { value.wake() }
        }
        guard !Task.isCancelled else { throw CancellationError() }
    }
}
