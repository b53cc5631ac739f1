public import Metrics
import Threading

/// The database of one data folder: one writer thread, a reader for each loop, a few threads for reports.
///
/// Open it, `migrate`, take a `Reader` for each loop, serve, `close`. It must be closed; a store that is only let go
/// still finishes what is queued, but nobody waits for it.
public final class Store: Sendable {
    let shared: StoreShared
    let reports: Reports
    private let threads: StoreThreads
    private let inlineSink = InlineSink()

    /// Locks the data folder, opens the database (made when there is none) and starts the threads.
    ///
    /// - Throws: `locked`, `folder`, `cannotOpen`, `notADatabase`, naming the path.
    public static func open(_ options: StoreOptions, metrics: MetricsRegistry) throws(StoreError) -> Store {
        let lock = try DataLock.take(folder: options.folder)
        try RestoreCompletion(options).run()
        try DatabaseFile.prepare(options.path, folder: options.folder)
        let shared = StoreShared(options, StoreMetrics(metrics), lock)
        let reports = Reports(shared)
        let threads = try StoreThreads(shared, reports)
        if lock.wasLeftUnclean { BackgroundCheck(shared: shared).start(on: reports) }
        return Store(shared, reports, threads)
    }

    private init(_ shared: StoreShared, _ reports: Reports, _ threads: StoreThreads) {
        (self.shared, self.reports, self.threads) = (shared, reports, threads)
    }

    deinit { threads.beginClosing() }

    /// Finishes what is queued, checkpoints, ends the threads and gives the folder free. Reports are interrupted.
    ///
    /// End the readers first. It may be called from any thread but the Store's own, more than once: every call returns
    /// when all is done.
    public func close() { threads.close() }

    /// How writing and the file are.
    public var health: StoreHealth { shared.health.health }

    /// Reads a database file without its data folder's lock: a copy of it, or one that a daemon serves meanwhile.
    ///
    /// - Throws: `cannotOpen`, `notADatabase`, naming the path.
    public static func reading(_ path: String) throws(StoreError) -> sending Reader {
        Reader(try Connection(StoreOptions(path: path), .readOnly))
    }

    /// Blocks until the checkpoint that was last due has been made: for tests.
    package func waitForCheckpoint() { shared.checkpointer.waitUntilIdle() }

    /// A read-only connection of its own, for one thread or loop.
    public func makeReader() throws(StoreError) -> sending Reader {
        Reader(try Connection(shared.options, .readOnly))
    }

    /// Runs `hook` on the writer's thread whenever its connection was opened anew after a COMMIT of unknown outcome,
    /// before any other body: whoever holds heads of the database in memory reads them there, and only there.
    ///
    /// When it throws, the writer refuses bodies and tries again with the next one.
    public func onReopen(_ hook: @escaping @Sendable (Reader) throws -> Void) {
        shared.reopenHooks.withLock { $0.append(hook) }
    }

    /// Brings the database to the schema of `modules`, one transaction for each, in their order. Blocks: for start-up.
    ///
    /// - Parameters:
    ///   - retired: modules whose tables may be there without being compiled in.
    ///   - before: the copy that is made of an existing database first, if there is anything to change in it.
    /// - Throws: `migrationChanged`, `schemaTooNew`, `unknownModule`, `migrationFailed`, naming module and migration.
    public func migrate(
        _ modules: [ModuleMigrations], retired: Set<String> = [], before: BeforeMigration? = nil
    ) throws(StoreError) {
        let finished = Handoff<StoreError?>()
        let work: WriteQueue.Item = .maintenance { [options = shared.options] connection in
            do throws(StoreError) {
                let connection = try connection.get()
                try MigrationRun(connection: connection).run(modules, retired: retired) { () throws(StoreError) in
                    try before?.write(from: connection, options)
                }
                finished.give(nil)
            } catch {
                finished.give(error)
            }
        }
        do { try shared.queue.add(work) } catch { throw StoreError(error) }
        if let error = finished.wait() { throw error }
    }
}

// Writing and reports.
extension Store {
    /// Queues a write; `done` is called through `sink` after the fsync of the COMMIT that holds it, or with why not.
    ///
    /// - Parameters:
    ///   - label: the method or job, for metrics and logs.
    ///   - isWanted: asked just before the body would run; when it says no, `done` gets `StoreError.cancelled`.
    ///   - body: what to do, on the writer's thread, quickly and without waiting. It may run more than once, and what
    ///     it throws rolls back its own changes only.
    public func submit<Value: Sendable>(
        _ label: String, deliver sink: any CompletionSink, isWanted: @escaping @Sendable () -> Bool = { true },
        _ body: @escaping @Sendable (Transaction) throws -> Value,
        _ done: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let body = WriteBody(label: label, sink: sink, isWanted: isWanted, body: body, done: done)
        do throws(WriteQueue.Refusal) {
            try shared.queue.add(.body(body))
        } catch {
            if error == .full { shared.metrics.bodiesShed.add() }
            body.refuse(StoreError(error))
        }
    }

    /// Runs a write as `submit` does and returns its value once it is durable.
    ///
    /// A task that is cancelled before its body begins gets `StoreError.cancelled`; later the write runs to its end.
    @discardableResult
    public func write<Value: Sendable>(
        _ label: String, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let cancelled = StopFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(label, deliver: inlineSink, isWanted: { !cancelled.isRaised }, body) {
                    continuation.resume(with: $0)
                }
            }
        } onCancel: {
            cancelled.raise()
        }
    }

    /// Runs a write as `submit` does and waits for it. Blocks: for start-up, never on a loop.
    public func writeBlocking<Value: Sendable>(
        _ label: String, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) throws -> Value {
        let finished = Handoff<Result<Value, any Error>>()
        submit(label, deliver: inlineSink, body) { finished.give($0) }
        return try finished.wait().get()
    }

    /// Runs a long read on a thread for that, in one state of the database.
    ///
    /// - Parameter timeLimit: how long it may run, if that is less than `StoreOptions.reportTimeLimit`; the wait for a
    ///   thread does not count. A query is interrupted, and none begins any more; what `body` does between two queries
    ///   is not, so it must end by itself.
    /// - Throws: `timeLimit` when it took longer, `overloaded` when too many wait, `cancelled` when its task was
    ///   cancelled, which interrupts it, `closed`; and what `body` throws.
    public func report<Value: Sendable>(
        timeLimit: Duration = .seconds(Int64.max), _ body: @escaping @Sendable (Reader) throws -> Value
    ) async throws -> Value {
        shared.metrics.reports.add()
        let cancelled = StopFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let limit = min(timeLimit, shared.options.reportTimeLimit)
                reports.run(limit: limit, cancelled: cancelled, body) { [metrics = shared.metrics] result in
                    switch result {
                    case .failure(StoreError.overloaded): metrics.reportsShed.add()
                    case .failure(StoreError.timeLimit): metrics.reportsOverLimit.add()
                    default: break
                    }
                    continuation.resume(with: result)
                }
            }
        } onCancel: {
            cancelled.raise()
        }
    }
}

extension StoreError {
    init(_ refusal: WriteQueue.Refusal) {
        switch refusal {
        case .full: self = .overloaded
        case .closed: self = .closed
        }
    }
}
