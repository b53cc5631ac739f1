import Threading

/// Values that came, in order, for whoever asks for the next one; on any thread.
final class Mailbox<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiting: [CheckedContinuation<Value, Never>] = []
    }

    private let state = Lock(State())

    func put(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            if state.waiting.isEmpty {
                state.values.append(value)
                return nil
            }
            return state.waiting.removeFirst()
        }
        waiting?.resume(returning: value)
    }

    func next() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state -> Value? in
                if state.values.isEmpty {
                    state.waiting.append(continuation)
                    return nil
                }
                return state.values.removeFirst()
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
