/// Reads on one read-only connection, inline, on the thread or loop that owns it.
///
/// Between `begin` and `end` all queries see one state of the database, the one at the first query. Outside, each
/// query sees the newest. Keep that span short (one batch of requests): an open one holds back checkpoints.
public final class Reader: Queryable {
    private enum State { case idle, wanted, open }

    private let connection: Connection
    private var state = State.idle

    init(_ connection: Connection) { self.connection = connection }

    /// From now on all queries see one state. Costs nothing until the first query comes.
    public func begin() throws(StoreError) {
        precondition(state == .idle, "Reader.begin without end")
        state = .wanted
    }

    /// Lets go of the state that `begin` asked for.
    public func end() {
        if state == .open {
            // Proof that nothing is lost: the transaction only read.
            do { try connection.run("COMMIT") } catch { try? connection.run("ROLLBACK") }
        }
        state = .idle
    }

    public func start(_ sql: SQL) throws(StoreError) -> Statement {
        if state == .wanted {
            try connection.run("BEGIN")
            state = .open
        }
        if let interruption = connection.signals.interruption { throw interruption }
        let statement = try connection.start(sql)
        guard statement.isReadOnly else {
            statement.reset()
            throw .statementRefused(sql: sql.text)
        }
        return statement
    }

    public func finish(_ statement: Statement) { statement.reset() }

    /// How many prepared statements are kept; bounded by `StoreOptions.statementCacheMax`.
    package var cachedStatementCount: Int { connection.cachedStatementCount }

    /// What all queries so far have cost, in steps of SQLite's machine, as long as their statements are kept.
    package var stepCount: Int { connection.stepCount }

    /// Runs `body` in one state of the database, under a limit.
    func limited<Result>(_ limit: ConnectionSignals.Limit, _ body: (Reader) throws -> Result) throws -> Result {
        connection.signals.limit = limit
        defer {
            connection.signals.limit = nil
            end()
        }
        try begin()
        return try body(self)
    }
}

@available(*, unavailable)
extension Reader: Sendable {}
