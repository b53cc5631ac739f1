/// What can be asked: a loop's `Reader`, a report, or the `Transaction` of a write body, which sees its own changes.
///
/// SQL is a literal, values are bound to `?1`, `?2`… in the order given:
/// ```swift
/// let titles = try db.query("SELECT id, title FROM workshops_workshops WHERE board_id = ?1", board) { row in
///     (id: try row.get(0, String.self), title: try row.get(1, String.self))
/// }
/// ```
/// Each function throws a `StoreError`, or what its closure throws.
public protocol Queryable {
    /// Gives the prepared statement of `sql`, to be bound and stepped; `finish` takes it back, whatever came of it.
    ///
    /// The functions below are made of these; other rooms use those.
    func start(_ sql: SQL) throws(StoreError) -> Statement

    /// The end of what `start` began.
    func finish(_ statement: Statement)
}

extension Queryable {
    /// All rows, mapped. For a result without a bound in its own SQL (LIMIT, a key) use a report.
    public func query<each Binding: ColumnValue, Value>(
        _ sql: SQL, _ bindings: repeat each Binding, map: (borrowing Row) throws -> Value
    ) throws -> [Value] {
        let statement = try start(sql)
        defer { finish(statement) }
        try statement.bind(repeat each bindings)
        var values: [Value] = []
        while try statement.step() { values.append(try map(Row(statement))) }
        return values
    }

    /// The first row, mapped, or nil when there is none; later rows are not read.
    public func first<each Binding: ColumnValue, Value>(
        _ sql: SQL, _ bindings: repeat each Binding, map: (borrowing Row) throws -> Value
    ) throws -> Value? {
        let statement = try start(sql)
        defer { finish(statement) }
        try statement.bind(repeat each bindings)
        return try statement.step() ? try map(Row(statement)) : nil
    }

    /// The first column of the first row, or nil when there is no row.
    public func value<each Binding: ColumnValue, Value: ColumnValue>(
        _ sql: SQL, _ bindings: repeat each Binding, as type: Value.Type = Value.self
    ) throws(StoreError) -> Value? {
        let statement = try start(sql)
        defer { finish(statement) }
        try statement.bind(repeat each bindings)
        return try statement.step() ? try Value(row: Row(statement), column: 0) : nil
    }

    /// Each row in turn, without holding them all; throw to stop early.
    public func forEach<each Binding: ColumnValue>(
        _ sql: SQL, _ bindings: repeat each Binding, body: (borrowing Row) throws -> Void
    ) throws {
        let statement = try start(sql)
        defer { finish(statement) }
        try statement.bind(repeat each bindings)
        while try statement.step() { try body(Row(statement)) }
    }
}
