/// Where the database lies and what bounds the Store. Each bound has a default; the daemon gives each a key.
public struct StoreOptions: Sendable {
    /// The database file. Its folder also holds SQLite's `-wal` and `-shm` and the lock file, and is made when only
    /// it is missing.
    public var path: String

    // One group of write bodies: what is waiting when it begins, and what comes meanwhile, up to any of these.
    /// Most bodies that one COMMIT carries. 64: beyond it latency grows and throughput does not.
    public var groupBodiesMax = 64
    /// Most bytes bound by the bodies of a group before it is committed.
    public var groupBytesMax = 4 << 20
    /// How long bodies of a group may run before it is committed.
    public var groupDurationMax = Duration.milliseconds(10)
    /// How long one body may run; then its statement is interrupted and it fails alone with `StoreError.budget`.
    public var bodyBudget = Duration.milliseconds(500)
    /// Most bodies that wait; above, `submit` answers `StoreError.overloaded` at once.
    public var queueMax = 8192

    // Reports
    /// Threads, each with its own read-only connection, opened at the first report.
    public var reportThreads = 2
    /// Most reports that wait; above, `report` throws `StoreError.overloaded` at once.
    public var reportQueueMax = 64
    /// How long one report may run; then its query is interrupted and it fails with `StoreError.timeLimit`. What it sees
    /// keeps the WAL from starting anew, so this also bounds the WAL: by what is written in that time.
    public var reportTimeLimit = Duration.seconds(30)

    // Each connection
    /// Prepared statements kept.
    public var statementCacheMax = 256
    /// SQLite's page cache, in KiB. Filled by use only.
    public var cacheKiB = 4096
    /// How long to wait for a process outside (`sqlite3` on the same file) before `StoreError.busy`.
    public var busyTimeout = Duration.seconds(5)

    // Checkpoints
    /// The WAL grows by this much, then it is copied into the database file, beside the writing (PASSIVE).
    public var checkpointBytes = 4 << 20
    /// Above this size of the WAL new reports wait until the running ones have ended, and then the writer for a moment,
    /// so that the WAL starts anew (RESTART).
    public var walBytesMax = 64 << 20
    /// How long that moment may wait for readers; when they stay it is tried again after the next checkpoint.
    public var restartTimeout = Duration.milliseconds(100)

    /// Told what an operator should read in the log, on the thread where it happens; must be quick.
    public var notice: @Sendable (StoreNotice) -> Void = { _ in }

    package var seams = StoreSeams()

    public init(path: String) { self.path = path }

    /// The folder that the lock guards.
    var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// What happened in the Store that an operator should read in the log.
public enum StoreNotice: Sendable, Equatable {
    /// The last stop was not a clean one: the database serves, and is checked in the background.
    case uncleanStop
    /// The background check has ended; nil means that it found nothing.
    case checked(damage: String?)
    /// A write body, named by its label, was cut at its budget.
    case bodyOverBudget(label: String)
    /// A write body, named by its label, ended the transaction of its group, whose other bodies are run again.
    case groupAbandoned(label: String, error: StoreError)
    /// COMMIT failed; nobody of the group was told that the write is kept, and the connection is opened anew.
    case commitFailed(StoreError)
    /// The connection of the writer could not be opened anew, or a head in memory could not be read anew.
    case reopeningFailed(String)
    /// The database was copied to this file before its schema was changed.
    case copiedBeforeMigration(path: String)
    /// A checkpoint failed; it is tried again later.
    case checkpointFailed(StoreError)
}
