import CSQLite
import Metrics
import Threading

/// Copies the WAL into the database file beside the writing (PASSIVE), on a thread and a connection of its own.
///
/// Under steady load PASSIVE alone never lets the WAL start anew; above the bound it asks the writer for a RESTART
/// between two groups, when nearly everything is copied already.
final class Checkpointer: Sendable {
    private struct State {
        var policy: CheckpointPolicy
        var isAsked = false
        var isRestartWanted = false
        var isClosed = false
    }

    /// The page size of every database that the Store makes (SQLite's default).
    static let pageBytes = 4096

    private let options: StoreOptions
    private let metrics: StoreMetrics
    private let health: HealthBoard
    private let state: Lock<State>
    private let changed = Condition()

    init(_ options: StoreOptions, _ metrics: StoreMetrics, _ health: HealthBoard) {
        (self.options, self.metrics, self.health) = (options, metrics, health)
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
        if isDue { changed.signal() }
    }

    /// Whether the writer should let the WAL start anew; asked once for each wish.
    func takeRestartRequest() -> Bool {
        state.withLock { state in
            defer { state.isRestartWanted = false }
            return state.isRestartWanted
        }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        changed.broadcast()
    }

    /// The thread's function.
    func run() {
        var connection: Connection?
        while waitForWork() {
            do throws(StoreError) {
                let open = if let connection { connection } else { try Connection(options, .readWrite) }
                connection = open
                let result = try open.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
                metrics.checkpoints.add()
                health.checkpointEnded(nil)
                state.withLock { $0.isRestartWanted = $0.policy.mustRestart(walPages: result.walPages) }
            } catch .busy {
                // Another process checkpoints: as good as if we did.
            } catch {
                connection = nil
                metrics.checkpointFailures.add()
                health.checkpointEnded(error)
                options.notice(.checkpointFailed(error))
            }
        }
    }

    private func waitForWork() -> Bool {
        state.wait(on: changed, until: { $0.isAsked || $0.isClosed }) { state in
            state.isAsked = false
            return !state.isClosed
        }
    }
}
