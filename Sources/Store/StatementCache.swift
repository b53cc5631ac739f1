/// Prepared statements of one connection by the identity of their text, bounded: the longest unused one goes first.
struct StatementCache {
    let countMax: Int
    private var statements: [UInt: Statement] = [:]
    private var clock: UInt64 = 0

    init(countMax: Int) { self.countMax = countMax }

    var count: Int { statements.count }

    /// The statement for `sql`, if it is cached and free.
    mutating func free(_ sql: SQL) -> Statement? {
        guard let statement = statements[sql.identity], !statement.isBusy else { return nil }
        clock += 1
        statement.lastUse = clock
        return statement
    }

    /// Keeps `statement` for later uses, unless one of the same text is there (that one is busy now).
    mutating func keep(_ statement: Statement) {
        guard statements[statement.sql.identity] == nil else { return }
        if statements.count >= countMax { evict() }
        guard statements.count < countMax else { return }
        clock += 1
        statement.lastUse = clock
        statements[statement.sql.identity] = statement
    }

    mutating func removeAll() { statements.removeAll() }

    /// A scan: it happens only when a new text is met while the cache is full, and preparing costs far more.
    private mutating func evict() {
        let oldest = statements.lazy.filter { !$0.value.isBusy }.min { $0.value.lastUse < $1.value.lastUse }
        if let oldest { statements[oldest.key] = nil }
    }
}
