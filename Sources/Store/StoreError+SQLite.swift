import CSQLite

extension StoreError {
    /// What an extended result code of a statement means.
    ///
    /// - Parameter message: SQLite's own text; used for constraints, where it names the table and column, and dropped
    ///   otherwise, since some messages quote values.
    init(code: Int32, message: String, sql: String) {
        switch code & 0xFF {
        case SQLITE_CONSTRAINT: self = .constraint(Constraint(code: code), name: Self.constraintName(message))
        case SQLITE_FULL: self = .full
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PROTOCOL: self = .io(code: code)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_NOMEM: self = .outOfMemory
        default:
            let reason = unsafe sqlite3_errstr(code).map { unsafe String(cString: $0) } ?? "error"
            self = .statement(sql: sql, code: code, reason: reason)
        }
    }

    /// "UNIQUE constraint failed: boards.id" → "boards.id"; a text of another form stays whole (it names schema only).
    private static func constraintName(_ message: String) -> String {
        guard let colon = message.lastIndex(of: ":") else { return message }
        return String(message[message.index(after: colon)...].drop { $0 == " " })
    }
}

extension StoreError.Constraint {
    init(code: Int32) {
        // The extended codes are macros of an expression, which Swift does not import: primary | (number << 8).
        switch code >> 8 {
        case 1: self = .check
        case 3: self = .foreignKey
        case 5: self = .notNull
        case 6, 10: self = .primaryKey
        case 8: self = .unique
        case 12: self = .datatype
        default: self = .other
        }
    }
}
