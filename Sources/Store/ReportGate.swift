import Threading

/// Keeps new reports waiting while the WAL must start anew.
///
/// A report sees one old state to its end, and the WAL keeps all that came after that state. Reports that overlap, each
/// begun before the last one ended, would keep it for ever; so above the WAL's bound the running ones are let out,
/// within their time limit, and the next ones come in when the WAL has started anew.
final class ReportGate: Sendable {
    private struct State {
        var insideCount = 0
        var isShut = false
        var isClosed = false
    }

    private let state = Lock(State())
    private let changed = Condition()

    /// Waits until the gate is open, then counts as inside until `leave`. Returns whether it had to wait.
    func enter() -> Bool {
        let isShut = state.withLock { $0.isShut }
        state.wait(on: changed, until: { !$0.isShut || $0.isClosed }, then: { $0.insideCount += 1 })
        return isShut
    }

    func leave() {
        state.withLock { $0.insideCount -= 1 }
        changed.broadcast()
    }

    /// Lets nobody in, and waits until all have left.
    func shut() {
        state.withLock { $0.isShut = true }
        state.wait(on: changed, until: { $0.insideCount == 0 || $0.isClosed }, then: { _ in })
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
