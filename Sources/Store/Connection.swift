import CSQLite

/// One SQLite connection, confined to the thread or loop that uses it; closes its handle at the end of its life.
///
/// It is opened without SQLite's own mutex, so two threads must never be inside it at once.
@safe
final class Connection {
    enum Access {
        case readWrite, readOnly
        /// A copy in the making: one file, written without syncs, that nobody else knows of.
        case draft
        /// A finished copy: read as it is, nothing is made beside it.
        case copy
    }

    let handle: OpaquePointer
    let signals: ConnectionSignals
    private var cache: StatementCache

    /// Opens the database at `options.path` and gives the connection the pragmas of DESIGN §5.
    init(_ options: StoreOptions, _ access: Access, storeIsClosing: StopFlag? = nil) throws(StoreError) {
        unsafe handle = try Self.openHandle(options, access)
        signals = ConnectionSignals(storeIsClosing: storeIsClosing)
        cache = StatementCache(countMax: options.statementCacheMax)
        // 1000 steps of SQLite's machine are some 10 µs: limits are kept that exactly and cost nothing to watch.
        unsafe sqlite3_progress_handler(handle, 1000, interruptWhenOverLimit, context)
        try configure(options, access)
    }

    /// What SQLite gives back to our callbacks. Not retained: `signals` lives as long as the handle.
    private var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(signals).toOpaque() }

    deinit {
        cache.removeAll()
        // All statements are finalised, so this cannot be refused; _v2 would only defer in that case.
        unsafe sqlite3_close_v2(handle)
    }

    /// False between BEGIN and COMMIT. Some failures end the whole transaction by themselves: this alone tells.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    var changedRowCount: Int { unsafe Int(sqlite3_changes64(handle)) }

    /// All rows written since the connection was opened, by triggers and cascades too.
    var totalChangedRowCount: Int64 { unsafe sqlite3_total_changes64(handle) }

    /// Whether a foreign key, deferred to COMMIT, is violated as things stand.
    var hasOpenForeignKeys: Bool {
        var (current, highest): (Int32, Int32) = (0, 0)
        unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return current != 0
    }

    var cachedStatementCount: Int { cache.count }

    /// How many steps SQLite's machine has made for all statements that are kept (SQLITE_STMTSTATUS_VM_STEP): what a query
    /// costs, without a clock.
    var stepCount: Int {
        var (sum, statement) = unsafe (0, sqlite3_next_stmt(handle, nil))
        while let open = unsafe statement {
            sum += unsafe Int(sqlite3_stmt_status(open, SQLITE_STMTSTATUS_VM_STEP, 0))
            unsafe statement = unsafe sqlite3_next_stmt(handle, open)
        }
        return sum
    }

    /// A prepared, unbound statement of `sql`; to be reset after its use, whatever happens.
    func start(_ sql: SQL) throws(StoreError) -> Statement {
        let statement = try statement(sql, screened: true)
        statement.isBusy = true
        return statement
    }

    /// Runs one of the Store's own statements without parameters: transaction control and the like.
    func run(_ sql: SQL) throws(StoreError) {
        let statement = try ownStatement(sql)
        defer { statement.reset() }
        while try statement.step() {}
    }

    /// Runs COMMIT, by way of `seam`, which says what came of it.
    ///
    /// - Throws: when it failed; whether the transaction was kept is then not known.
    func commit(through seam: (() -> Int32) -> Int32) throws(StoreError) {
        let statement = try ownStatement("COMMIT")
        defer { statement.reset() }
        let code = seam { unsafe sqlite3_step(statement.handle) }
        if code != SQLITE_DONE { throw scriptError(code, "COMMIT") }
    }

    /// Runs a text of any number of statements: pragmas and migrations.
    func runScript(_ text: String) throws(StoreError) {
        let code = unsafe sqlite3_exec(handle, text, nil, nil, nil)
        if code != SQLITE_OK { throw scriptError(code, text) }
    }

    /// SQLite's text about the last failure, for migrations: their statements hold no values of users.
    var lastMessage: String { unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "" }

    /// Frames in the WAL, and how many of them are in the database file too, after a checkpoint of this kind.
    struct CheckpointResult: Equatable, Sendable {
        var walPages: Int
        var copiedPages: Int
    }

    func checkpoint(_ mode: Int32) throws(StoreError) -> CheckpointResult {
        var (walPages, copiedPages): (Int32, Int32) = (0, 0)
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode, &walPages, &copiedPages)
        if code != SQLITE_OK { throw scriptError(code, "checkpoint") }
        return CheckpointResult(walPages: Int(walPages), copiedPages: Int(copiedPages))
    }

    /// How long a statement waits for a lock that another connection holds.
    func setBusyTimeout(_ timeout: Duration) {
        unsafe sqlite3_busy_timeout(handle, Int32(clamping: timeout.nanoseconds / 1_000_000))
    }

    /// Keeps `signals.walPages` up to date from now on.
    func watchWALSize() { unsafe sqlite3_wal_hook(handle, noteWALSize, context) }

    /// Whether SQLite could open the file for reading only, though more was asked.
    var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

    /// See `cordee_sqlite3_harden`.
    func harden() throws(StoreError) {
        let code = unsafe cordee_sqlite3_harden(handle)
        if code != SQLITE_OK { throw scriptError(code, "harden") }
    }

    /// A statement of the Store's own that is used once.
    func prepareOwn(_ sql: SQL) throws(StoreError) -> Statement { try prepare(sql, screened: false) }

    private func ownStatement(_ sql: SQL) throws(StoreError) -> Statement { try statement(sql, screened: false) }

    private func statement(_ sql: SQL, screened: Bool) throws(StoreError) -> Statement {
        if let statement = cache.free(sql) { return statement }
        let statement = try prepare(sql, screened: screened)
        cache.keep(statement)
        return statement
    }

    private func prepare(_ sql: SQL, screened: Bool) throws(StoreError) -> Statement {
        if screened && !StatementScreen.accepts(sql.text) { throw .statementRefused(sql: sql.text) }
        var statement: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        let code = unsafe sql.start.withMemoryRebound(to: CChar.self, capacity: sql.byteCount) { start in
            unsafe sqlite3_prepare_v3(
                handle, start, Int32(sql.byteCount), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, &tail)
        }
        guard code == SQLITE_OK else { throw preparationError(code, sql) }
        guard let statement = unsafe statement else { throw .statementRefused(sql: sql.text) }
        let prepared = unsafe Statement(handle: statement, sql: sql, signals: signals)
        if unsafe hasMore(tail, of: sql) { throw .statementRefused(sql: sql.text) }
        return prepared
    }

    /// Whether something else than white space and semicolons stands behind the first statement.
    private func hasMore(_ tail: UnsafePointer<CChar>?, of sql: SQL) -> Bool {
        guard let tail = unsafe tail else { return false }
        let used = UInt(bitPattern: tail) - sql.identity
        return sql.text.utf8.dropFirst(Int(used)).contains { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: ";") }
    }

    /// While a statement is compiled no value is known to SQLite yet: its message (which column, which word) is safe.
    private func preparationError(_ code: Int32, _ sql: SQL) -> StoreError {
        let error = StoreError(code: code, message: lastMessage, sql: sql.text)
        guard case .statement(let text, let code, _) = error else { return error }
        return .statement(sql: text, code: code, reason: lastMessage)
    }

    private func scriptError(_ code: Int32, _ text: String) -> StoreError {
        if code & 0xFF == SQLITE_INTERRUPT { return signals.interruption ?? .cancelled }
        return StoreError(code: code, message: lastMessage, sql: text)
    }
}

@available(*, unavailable)
extension Connection: Sendable {}
