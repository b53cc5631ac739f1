import Threading

/// Keeps new reports waiting while the WAL must start anew.
///
/// A report sees one old state to its end, and the WAL keeps all that came after that state. Reports that overlap, each
/// begun before the last one ended, would keep it for ever; so above the WAL's bound the running ones are let out,
/// within their time limit, and the next ones come in when the WAL has started anew. While a backup runs, or a check of
/// the whole file, which take their time, nobody waits: it would help nothing before they have ended.
final class ReportGate: Sendable {
    private struct State {
        var insideCount = 0
        var longCount = 0
        var isShut = false
        var isClosed = false
    }

    private let state = Lock(State())
    private let changed = Condition()

    /// Waits until the gate is open, then counts as inside until `leave`. Returns whether it had to wait.
    func enter(isLong: Bool) -> Bool {
        let isShut = state.withLock { $0.isShut }
        state.wait(on: changed, until: { !$0.isShut || $0.isClosed }) { state in
            state.insideCount += 1
            if isLong { state.longCount += 1 }
        }
        return isShut
    }

    func leave(isLong: Bool) {
        state.withLock { state in
            state.insideCount -= 1
            if isLong { state.longCount -= 1 }
        }
        changed.broadcast()
    }

    /// Lets nobody in, and waits until all have left. False when someone takes long: then the gate stays open.
    func shut() -> Bool {
        let isShut = state.withLock { state in
            state.isShut = state.longCount == 0
            return state.isShut
        }
        if isShut { state.wait(on: changed, until: { $0.insideCount == 0 || $0.isClosed }, then: { _ in }) }
        return isShut
    }

    func open() {
        state.withLock { $0.isShut = false }
        changed.broadcast()
    }

    /// The store closes: nobody waits any more, on either side.
    func close() {
        state.withLock { $0.isClosed = true }
        changed.broadcast()
    }
}
