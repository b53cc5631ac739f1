import Threading

/// Facts in the order in which they happened, on any thread, and a way to wait for them.
final class Recorder<Fact: Sendable & Equatable>: Sendable {
    private struct State {
        var facts: [Fact] = []
        var waiting: [(count: Int, isWanted: @Sendable (Fact) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Lock(State())

    var facts: [Fact] { state.withLock { $0.facts } }

    func record(_ fact: Fact) {
        let ready = state.withLock { state in
            state.facts.append(fact)
            let facts = state.facts
            let ready = state.waiting.filter { waiter in facts.count(where: waiter.isWanted) >= waiter.count }
            state.waiting.removeAll { waiter in facts.count(where: waiter.isWanted) >= waiter.count }
            return ready.map(\.2)
        }
        for continuation in ready { continuation.resume() }
    }

    /// Returns when `fact` was recorded `count` times.
    func wait(for fact: Fact, count: Int = 1) async { await wait(count: count) { $0 == fact } }

    func wait(count: Int = 1, _ isWanted: @escaping @Sendable (Fact) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.facts.count(where: isWanted) >= count { return true }
                state.waiting.append((count, isWanted, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
