import CSQLite

extension Store {
    /// Rids the files of what was deleted: writes search indexes anew, whose pages keep removed words for a while, and
    /// copies the whole WAL into the database and cuts it to nothing, since it keeps what pages once held.
    ///
    /// (Deleted rows need nothing more: `secure_delete` zeroes them in the database.) The writer does it between two
    /// groups, and waits for readers up to `restartTimeout`. For after an erasure, not for every day.
    /// - Throws: `busy` when a reader stayed: the indexes are new, the WAL is as it was; try again.
    public func scrub(_ indexes: [SearchIndex]) async throws {
        let restartTimeout = shared.options.restartTimeout
        let busyTimeout = shared.options.busyTimeout
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let work: WriteQueue.Item = .maintenance { connection in
                continuation.resume(
                    with: Result {
                        let connection = try connection.get()
                        try connection.rebuild(indexes)
                        connection.setBusyTimeout(restartTimeout)
                        defer { connection.setBusyTimeout(busyTimeout) }
                        _ = try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
                    })
            }
            do throws(WriteQueue.Refusal) { try shared.queue.add(work) } catch {
                continuation.resume(throwing: StoreError(error))
            }
        }
    }
}

extension Connection {
    fileprivate func rebuild(_ indexes: [SearchIndex]) throws {
        guard !indexes.isEmpty else { return }
        try run("BEGIN IMMEDIATE")
        do {
            let transaction = Transaction(self)
            for index in indexes { try index.rebuild(in: transaction) }
            try run("COMMIT")
        } catch {
            if isInTransaction { try run("ROLLBACK") }
            throw error
        }
    }
}
