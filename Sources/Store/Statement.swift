import CSQLite

/// One prepared statement of one connection; other rooms only pass it on (see `ColumnValue`).
///
/// It lives on its connection's thread, is bound, stepped and reset, and is finalised with the cache entry that owns it.
@safe
public final class Statement {
    let handle: OpaquePointer
    let sql: SQL
    let parameterCount: Int
    /// Whether it changes nothing in the database.
    let isReadOnly: Bool
    private let signals: ConnectionSignals
    /// In use by a query whose rows are being read: the same text met inside it needs a second statement.
    var isBusy = false
    /// Bytes bound in this use, roughly.
    private(set) var boundByteCount = 0
    /// The failure of this use, if there was one.
    private(set) var failure: StoreError?
    /// The cache's clock at the last use, for eviction.
    var lastUse: UInt64 = 0

    init(handle: OpaquePointer, sql: SQL, signals: ConnectionSignals) {
        unsafe self.handle = handle
        self.sql = sql
        self.signals = signals
        isReadOnly = unsafe sqlite3_stmt_readonly(handle) != 0
        parameterCount = unsafe Int(sqlite3_bind_parameter_count(handle))
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Whether a row is there to be read.
    func step() throws(StoreError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        let error = error(code)
        failure = error
        throw error
    }

    /// Binds `values` to `?1`, `?2`…
    func bind<each Value: ColumnValue>(_ values: repeat each Value) throws(StoreError) {
        var count = 0
        for value in repeat each values {
            count += 1
            guard count <= parameterCount else { continue }
            try value.bind(to: self, at: count)
            boundByteCount += value.boundByteCount
        }
        guard count == parameterCount else {
            throw .parameterCount(sql: sql.text, expected: parameterCount, given: count)
        }
    }

    /// Ends the use: releases locks and the bound values. A failure was already told by `step`.
    func reset() {
        unsafe sqlite3_reset(handle)
        if parameterCount > 0 { unsafe sqlite3_clear_bindings(handle) }
        (boundByteCount, failure, isBusy) = (0, nil, false)
    }

    func check(_ code: Int32) throws(StoreError) {
        if code != SQLITE_OK { throw error(code) }
    }

    private func error(_ code: Int32) -> StoreError {
        if code & 0xFF == SQLITE_INTERRUPT { return signals.interruption ?? .cancelled }
        let message = unsafe sqlite3_errmsg(sqlite3_db_handle(handle)).map { unsafe String(cString: $0) } ?? ""
        return StoreError(code: code, message: message, sql: sql.text)
    }
}

@available(*, unavailable)
extension Statement: Sendable {}
