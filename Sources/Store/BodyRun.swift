/// What one write body came to, run in a savepoint of its own.
struct BodyRun {
    let attempt: WriteBody.Attempt
    let byteCount: Int
    /// What to run once the group is committed; none when the body failed.
    let commitHooks: [@Sendable () -> Void]

    /// Runs `body`; when it fails, what it changed is rolled back, and nothing else.
    ///
    /// - Throws: what ended the whole transaction, if that happened; a failure of the body alone is in the attempt.
    init(_ body: WriteBody, on connection: Connection, budget: UInt64) throws(StoreError) {
        try connection.run("SAVEPOINT body")
        let transaction = Transaction(connection)
        var attempt = Self.attempt(body, transaction, on: connection, budget: budget)

        // Looked at even when the body returned: it may have swallowed the error.
        guard connection.isInTransaction else { throw transaction.ending ?? .transactionEnded }
        if attempt.failure == nil && connection.hasOpenForeignKeys {
            // A deferred key would make the COMMIT of the whole group fail: its body answers for it here.
            let error = StoreError.constraint(.foreignKey, name: "deferred to COMMIT")
            let fail = body.fail
            attempt = WriteBody.Attempt(failure: error) { fail(error) }
        }
        if attempt.failure != nil { try connection.run("ROLLBACK TO body") }
        try connection.run("RELEASE body")
        self.attempt = attempt
        byteCount = transaction.boundByteCount
        commitHooks = attempt.failure == nil ? transaction.commitHooks : []
    }

    private static func attempt(
        _ body: WriteBody, _ transaction: Transaction, on connection: Connection, budget: UInt64
    ) -> WriteBody.Attempt {
        let deadline = MonotonicClock.now() &+ budget
        connection.signals.limit = .init(deadline: deadline, error: .budget(label: body.label), cancelled: nil)
        defer {
            connection.signals.limit = nil
            transaction.close()
        }
        return body.run(transaction)
    }
}
