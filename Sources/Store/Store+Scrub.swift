import CSQLite

/// A table whose rows say something of people: after an erasure it is written anew.
public struct PersonalTable: Sendable {
    let copy, empty, fill: String

    /// - Parameter name: beginning with the module's: `directory_people`.
    public init(_ name: StaticString) { self.init(checked: "\(name)") }

    init(checked name: String) {
        precondition(name.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "_") })
        copy = "CREATE TEMP TABLE scrubbed AS SELECT * FROM main.\(name)"
        empty = "DELETE FROM main.\(name)"
        fill = "INSERT INTO main.\(name) SELECT * FROM temp.scrubbed"
    }
}

extension Store {
    /// Rids the files of what was deleted before. The writer does it between two groups and holds up writes as long as
    /// that takes, which grows with the rows; for after an erasure, not for every day.
    ///
    /// 1. The tables are written anew. `secure_delete` zeroes deleted cells, but not the copies that were left in the gaps
    ///    of pages when rows moved between pages before (SQLite 3.40: in 2 of 60 trials a deleted name was still in the
    ///    file). A table that is emptied as a whole gives all its pages back, zeroed.
    /// 2. So are the search indexes, whose pages keep removed words until segments are merged.
    /// 3. The WAL, which keeps what pages once held, is copied into the database and cut to nothing; that waits for
    ///    readers up to `restartTimeout`.
    /// - Throws: `busy` when a reader stayed: the WAL is as it was; try again.
    public func scrub(_ tables: [PersonalTable], _ indexes: [SearchIndex]) async throws {
        let (restartTimeout, busyTimeout) = (shared.options.restartTimeout, shared.options.busyTimeout)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let work: WriteQueue.Item = .maintenance { connection in
                continuation.resume(
                    with: Result {
                        let connection = try connection.get()
                        try connection.rewrite(tables + indexes.map(\.documents))
                        try connection.inTransaction {
                            for index in indexes { try index.rebuild(in: Transaction(connection)) }
                        }
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
    fileprivate func rewrite(_ tables: [PersonalTable]) throws {
        // The rows come back within the transaction: nothing that refers to them may be deleted with them. The pragma
        // does nothing inside a transaction, so it stands around.
        try runScript("PRAGMA foreign_keys = OFF")
        defer {
            // Proof that it is never off later: it is refused only inside a transaction, which the lines below end; and a
            // writer that does not check references must not go on.
            try? runScript("PRAGMA foreign_keys = ON")
            precondition((try? pragma("PRAGMA foreign_keys")) == "1", "foreign keys stayed off")
        }
        for table in tables {
            try inTransaction {
                for step in [table.copy, table.empty, table.fill, "DROP TABLE temp.scrubbed"] { try runScript(step) }
            }
        }
    }

    fileprivate func inTransaction(_ body: () throws -> Void) throws {
        try run("BEGIN IMMEDIATE")
        do {
            try body()
            try run("COMMIT")
        } catch {
            if isInTransaction { try run("ROLLBACK") }
            throw error
        }
    }
}
