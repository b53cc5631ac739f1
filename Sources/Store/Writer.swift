import CSQLite
import Metrics
import Threading

/// The one thread that writes: it runs what waits in groups, each in one transaction, and answers after its fsync.
///
/// 1. take what waits; 2. BEGIN IMMEDIATE at the first body that is still wanted; 3. each body in its SAVEPOINT;
/// 4. COMMIT, while new bodies queue up; 5. commit hooks, then all answers, one batch for each sink.
/// Two things end otherwise: a body that ends the whole transaction (it fails, the others are run again), and a COMMIT
/// that fails (everyone is told that the outcome is unknown, the connection is opened anew, nothing is repeated).
final class Writer {
    private typealias Group = GroupCommit<WriteBody, BodyRun>

    private let shared: StoreShared
    private let limits: Group.Limits
    private var connection: Connection?
    /// Taken from the queue and not run yet.
    private var pending: ArraySlice<WriteQueue.Item> = []
    private var answers = AnswerBatches()
    /// `totalChangedRowCount` when the group began: a group that only read says nothing about the disk.
    private var changesAtBegin: Int64 = 0

    /// Opens the connection: a failure here is one of the whole store.
    init(_ shared: StoreShared) throws(StoreError) {
        self.shared = shared
        let options = shared.options
        limits = Group.Limits(
            bodies: options.groupBodiesMax, bytes: options.groupBytesMax,
            nanoseconds: options.groupDurationMax.nanoseconds)
        connection = try Connection(options, .readWrite)
    }

    /// Serves until the queue is closed and empty, then checkpoints and closes the connection.
    func run() {
        while hasWork() {
            if case .maintenance(let work) = pending.first {
                pending.removeFirst()
                work(Result { () throws(StoreError) in try openConnection() })
            } else {
                runGroups()
            }
            restartWAL()
        }
        // On the way out nobody waits: TRUNCATE leaves one file and a fast next start. A failure costs only that.
        _ = try? connection?.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
        connection = nil
    }

    private func hasWork() -> Bool {
        if pending.isEmpty { pending = shared.queue.takeAllWaiting()[...] }
        return !pending.isEmpty
    }

    /// The next body, unless maintenance comes first; bodies that came while the group ran join it.
    private func nextWaitingBody() -> WriteBody? {
        if pending.isEmpty { pending = shared.queue.takeAll()[...] }
        guard case .body(let body) = pending.first else { return nil }
        pending.removeFirst()
        return body
    }

    /// One group of what waits, and then groups of those who must be run again, until there are none.
    private func runGroups() {
        var again = runGroup { nextWaitingBody() }[...]
        while !again.isEmpty {
            let innocents = runGroup { again.popFirst() }
            again = innocents + again
        }
        answers.deliver()
    }

    /// Runs one group and returns whom to run again.
    private func runGroup(_ next: () -> WriteBody?) -> [WriteBody] {
        var group = Group(limits: limits, beganAt: MonotonicClock.now())
        var open: Connection?
        changesAtBegin = connection?.totalChangedRowCount ?? 0
        while group.hasRoom(at: MonotonicClock.now()), let body = next() {
            guard body.isWanted() else {
                shared.metrics.bodiesUnwanted.add()
                answer(body, .cancelled)
                continue
            }
            do throws(StoreError) {
                let connection = if let open { open } else { try begin() }
                open = connection
                let run = try run(body, on: connection)
                group.add(body, run, byteCount: run.byteCount)
            } catch {
                fail(body, error)
                guard let open else {
                    failAll(next, error)
                    return []
                }
                return abandon(group, on: open, label: body.label, error)
            }
        }
        if let open { commit(group, on: open) }
        return []
    }

    private func begin() throws(StoreError) -> Connection {
        let connection = try openConnection()
        do {
            try connection.run("BEGIN IMMEDIATE")
        } catch {
            if error != .busy { self.connection = nil }
            throw error
        }
        return connection
    }

    private func run(_ body: WriteBody, on connection: Connection) throws(StoreError) -> BodyRun {
        let beganAt = MonotonicClock.now()
        defer { shared.metrics.bodyMicroseconds.record(Int64((MonotonicClock.now() - beganAt) / 1000)) }
        let run = try BodyRun(body, on: connection, budget: shared.options.bodyBudget.nanoseconds)
        if let failure = run.attempt.failure {
            shared.metrics.bodyFailures.add()
            noteFailure(of: body.label, failure)
        }
        return run
    }

    /// The connection, opened anew after a failure; then whoever holds heads of the database in memory reads them.
    private func openConnection() throws(StoreError) -> Connection {
        if let connection { return connection }
        do {
            let fresh = try Connection(shared.options, .readWrite)
            let reader = Reader(fresh)
            defer { reader.end() }
            try reader.begin()
            for hook in shared.reopenHooks.withLock({ $0 }) { try hook(reader) }
            connection = fresh
            return fresh
        } catch {
            shared.options.notice(.reopeningFailed("\(error)"))
            throw error as? StoreError ?? .cannotOpen(path: shared.options.path, code: SQLITE_ERROR)
        }
    }

    /// When the checkpointer found the WAL above its bound: waits a moment for the readers, so that it starts anew.
    private func restartWAL() {
        shared.checkpointer.restartIfWanted {
            guard let connection else { return }
            connection.setBusyTimeout(shared.options.restartTimeout)
            defer { connection.setBusyTimeout(shared.options.busyTimeout) }
            // Busy means that a reader stayed: the checkpointer will ask again.
            if (try? connection.checkpoint(SQLITE_CHECKPOINT_RESTART)) != nil { shared.metrics.restarts.add() }
        }
    }
}

// The three ends of a group.
extension Writer {
    private func commit(_ group: consuming Group, on connection: Connection) {
        let ran = group.committed()
        let beganAt = MonotonicClock.now()
        do {
            try connection.commit(through: shared.options.seams.commit)
        } catch {
            outcomeIsUnknown(ran, error)
            return
        }
        shared.metrics.commitMicroseconds.record(Int64((MonotonicClock.now() - beganAt) / 1000))
        shared.metrics.groups.add()
        shared.metrics.groupBodies.record(Int64(ran.count))
        shared.metrics.bodies.add(Int64(ran.count { $0.answer.attempt.failure == nil }))
        if connection.totalChangedRowCount != changesAtBegin { shared.health.writeSucceeded() }
        for (_, run) in ran { for hook in run.commitHooks { hook() } }
        for (body, run) in ran { answers.add(run.attempt.answer, to: body.sink) }
        shared.checkpointer.committed(walPages: connection.signals.walPages)
    }

    /// Nobody is told that a write is kept, nor that it is not; COMMIT is never repeated.
    private func outcomeIsUnknown(_ ran: [(body: WriteBody, answer: BodyRun)], _ error: StoreError) {
        connection = nil
        shared.metrics.commitsUnknown.add()
        shared.health.writeFailed(error)
        shared.options.notice(.commitFailed(error))
        for (_, run) in ran { for hook in run.commitHooks { hook() } }
        for (body, _) in ran { fail(body, .commitUnknown) }
    }

    /// A body has ended the transaction of all: returns the others, to be run again.
    private func abandon(
        _ group: consuming Group, on connection: Connection, label: String, _ error: StoreError
    ) -> [WriteBody] {
        shared.metrics.groupsAbandoned.add()
        shared.options.notice(.groupAbandoned(label: label, error: error))
        noteFailure(of: label, error)
        if connection.isInTransaction {
            // A savepoint failed while the transaction stands. If it cannot be ended, closing the connection does.
            do { try connection.run("ROLLBACK") } catch { self.connection = nil }
        }
        return group.abandon()
    }

    /// BEGIN failed: so it would for everyone who waits now, each after the same busy time-out.
    private func failAll(_ next: () -> WriteBody?, _ error: StoreError) {
        shared.health.writeFailed(error)
        while let body = next() { fail(body, error) }
    }

    private func fail(_ body: WriteBody, _ error: StoreError) {
        shared.metrics.bodyFailures.add()
        answer(body, error)
    }

    private func answer(_ body: WriteBody, _ error: StoreError) {
        let fail = body.fail
        answers.add({ fail(error) }, to: body.sink)
    }

    private func noteFailure(of label: String, _ failure: any Error) {
        guard let error = failure as? StoreError else { return }
        shared.health.writeFailed(error)
        guard case .budget = error else { return }
        shared.metrics.bodiesOverBudget.add()
        shared.options.notice(.bodyOverBudget(label: label))
    }
}
