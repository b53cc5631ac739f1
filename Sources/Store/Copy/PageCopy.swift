import CSQLite

/// Copies a database page by page into a draft, as it is at one moment, while others write on (SQLite's online backup).
///
/// The source's read transaction is held for as long as it takes: without it SQLite would begin anew at each commit. It
/// holds back checkpoints, so the WAL grows meanwhile by what is written.
struct PageCopy {
    let source: Connection
    let draft: Connection
    /// Called after each `stepPages` with the bytes copied so far; what it throws ends the copying.
    let afterStep: (_ byteCount: Int) throws(StoreError) -> Void

    /// 4 MiB: some milliseconds, after which a stop or a limit is heeded.
    static let stepPages: Int32 = 1024

    func run() throws(StoreError) {
        try source.run("BEGIN")
        do throws(StoreError) {
            // Only now the moment is fixed.
            try source.run("SELECT count(*) FROM sqlite_schema")
            try copyPages()
        } catch {
            if source.isInTransaction { try source.run("ROLLBACK") }
            throw error
        }
        try source.run("COMMIT")
        // The copied header says WAL; the copy is one file, also while it is read.
        guard try draft.pragma("PRAGMA journal_mode = DELETE") == "delete" else { throw .corrupt }
    }

    private func copyPages() throws(StoreError) {
        guard let copying = unsafe sqlite3_backup_init(draft.handle, "main", source.handle, "main") else {
            throw StoreError(code: unsafe sqlite3_errcode(draft.handle), message: "", sql: "backup")
        }
        var code = SQLITE_OK
        var ending: StoreError?
        while code == SQLITE_OK && ending == nil {
            code = unsafe sqlite3_backup_step(copying, Self.stepPages)
            let done = unsafe Int(sqlite3_backup_pagecount(copying) - sqlite3_backup_remaining(copying))
            do throws(StoreError) {
                if let interruption = source.signals.interruption { throw interruption }
                if code == SQLITE_OK { try afterStep(done * Checkpointer.pageBytes) }
            } catch {
                ending = error
            }
        }
        unsafe sqlite3_backup_finish(copying)
        if let ending { throw ending }
        guard code == SQLITE_DONE else { throw StoreError(code: code, message: "", sql: "backup") }
    }
}
