import Threading

/// Where a handler waits until the test lets it go on, or until its task is cancelled.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var isCancelled = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())
    let facts = Recorder<String>()

    /// - Throws: `CancellationError`, when the task is cancelled before the gate opens.
    func pass() async throws {
        facts.record("entered")
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.isOpen || state.isCancelled { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            facts.record("cancelled")
            release { $0.isCancelled = true }
        }
        try Task.checkCancellation()
        facts.record("passed")
    }

    func open() { release { $0.isOpen = true } }

    private func release(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
