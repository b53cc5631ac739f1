import CSQLite
import Metrics
import Threading

/// Copies the WAL into the database file beside the writing (PASSIVE), on a thread and a connection of its own.
///
/// Under steady load PASSIVE alone never lets the WAL start anew. Above the bound: 1. no report begins, and those that
/// run end; 2. what they held back is copied; 3. the writer lets the WAL start anew between two groups (RESTART), with
/// nearly nothing left to copy; 4. reports begin again, whether that succeeded or not.
final class Checkpointer: Sendable {
    private struct State {
        var policy: CheckpointPolicy
        var isAsked = false
        var isAtWork = false
        var isRestartWanted = false
        var isClosed = false
    }

    /// The page size of every database that the Store makes (SQLite's default).
    static let pageBytes = 4096

    let reportGate = ReportGate()
    private let options: StoreOptions
    private let metrics: StoreMetrics
    private let health: HealthBoard
    private let queue: WriteQueue
    private let state: Lock<State>
    private let changed = Condition()

    init(_ options: StoreOptions, _ metrics: StoreMetrics, _ health: HealthBoard, _ queue: WriteQueue) {
        (self.options, self.metrics, self.health, self.queue) = (options, metrics, health, queue)
        let policy = CheckpointPolicy(
            stepPages: options.checkpointBytes / Self.pageBytes, pagesMax: options.walBytesMax / Self.pageBytes)
        state = Lock(State(policy: policy))
    }

    /// The writer's report after each commit.
    func committed(walPages: Int) {
        metrics.walBytes.set(Int64(walPages * Self.pageBytes))
        let isDue = state.withLock { state in
            let isDue = state.policy.committed(walPages: walPages)
            if isDue { state.isAsked = true }
            return isDue
        }
        if isDue { changed.broadcast() }
    }

    /// Runs `restart` on the writer's thread if the WAL should start anew: once for each wish.
    func restartIfWanted(_ restart: () -> Void) {
        guard state.withLock({ $0.isRestartWanted }) else { return }
        restart()
        state.withLock { $0.isRestartWanted = false }
        changed.broadcast()
    }

    func close() {
        state.withLock { $0.isClosed = true }
        changed.broadcast()
        reportGate.close()
    }

    /// Blocks until nothing of what was asked so far is left to do: for tests.
    func waitUntilIdle() {
        state.wait(on: changed, until: { !$0.isAsked && !$0.isAtWork || $0.isClosed }, then: { _ in })
    }

    /// The thread's function.
    func run() {
        var connection: Connection?
        while waitForWork() {
            do throws(StoreError) {
                let open = if let connection { connection } else { try Connection(options, .readWrite) }
                connection = open
                try checkpoint(on: open)
                health.checkpointEnded(nil)
            } catch .busy {
                // Another process checkpoints: as good as if we did.
            } catch {
                connection = nil
                metrics.checkpointFailures.add()
                health.checkpointEnded(error)
                options.notice(.checkpointFailed(error))
            }
            state.withLock { $0.isAtWork = false }
            changed.broadcast()
        }
    }

    private func checkpoint(on connection: Connection) throws(StoreError) {
        let result = try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
        metrics.checkpoints.add()
        guard state.withLock({ $0.policy.mustRestart(walPages: result.walPages) }) else { return }
        guard reportGate.shut() else { return }
        defer { reportGate.open() }
        if result.copiedPages < result.walPages { _ = try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE) }
        state.withLock { $0.isRestartWanted = true }
        // An idle writer must hear of it; one whose queue is full, or closed, looks after its group.
        try? queue.add(.maintenance { _ in })
        state.wait(on: changed, until: { !$0.isRestartWanted || $0.isClosed }, then: { _ in })
    }

    private func waitForWork() -> Bool {
        state.wait(on: changed, until: { $0.isAsked || $0.isClosed }) { state in
            (state.isAsked, state.isAtWork) = (false, true)
            return !state.isClosed
        }
    }
}
