/// What a write body sees: the state that its group has reached, which it may read and change.
///
/// It is valid only inside its body. What the body changed is kept only when the body returns, and is durable when its
/// caller is answered. A body may be run more than once (when another body of its group ended the transaction), so it
/// must change nothing outside the database but through `onCommit`.
public final class Transaction: Queryable {
    private let connection: Connection
    private var isOpen = true
    /// The failure that ended the transaction of the whole group, if one did.
    private(set) var ending: StoreError?
    private(set) var boundByteCount = 0
    private(set) var commitHooks: [@Sendable () -> Void] = []

    init(_ connection: Connection) { self.connection = connection }

    /// Runs a statement to its end and returns how many rows it changed (cascades and triggers not counted).
    @discardableResult
    public func execute<each Binding: ColumnValue>(
        _ sql: SQL, _ bindings: repeat each Binding
    ) throws(StoreError) -> Int {
        let statement = try start(sql)
        defer { finish(statement) }
        try statement.bind(repeat each bindings)
        while try statement.step() {}
        return connection.changedRowCount
    }

    /// Runs `hook` on the writer's thread after the commit's fsync, before anyone of the group is answered: the place
    /// to raise a generation that caches are checked against.
    ///
    /// It does not run when this body fails, and it does run when the outcome of COMMIT is unknown: what it makes
    /// stale may have changed. It must be quick and must not use the Store.
    public func onCommit(_ hook: @escaping @Sendable () -> Void) { commitHooks.append(hook) }

    public func start(_ sql: SQL) throws(StoreError) -> Statement {
        guard isOpen else { throw .transactionEnded }
        if let ending { throw ending }
        if let interruption = connection.signals.interruption { throw interruption }
        return try connection.start(sql)
    }

    public func finish(_ statement: Statement) {
        boundByteCount += statement.boundByteCount
        // A full disk, a failing one, OR ROLLBACK, an interrupted write: SQLite has rolled back everything, and the
        // next statement would run, and stay, outside of any transaction.
        if !connection.isInTransaction && ending == nil { ending = statement.failure ?? .transactionEnded }
        statement.reset()
    }

    /// After this every use throws.
    func close() { isOpen = false }
}

@available(*, unavailable)
extension Transaction: Sendable {}
