/// Why the Store could not do what was asked. Texts name files, tables, columns and statements, never values.
public enum StoreError: Error, Equatable, Sendable {
    /// Which rule of a table a row broke.
    public enum Constraint: String, Equatable, Sendable {
        case unique, primaryKey, foreignKey, notNull, check, datatype, other
    }

    // Opening
    /// Another process (or another `Store`) holds the data folder; `path` is the lock file.
    case locked(path: String)
    /// The data folder or a file in it cannot be used: missing, read-only, no permission. `code` is an errno.
    case folder(path: String, code: Int32)
    /// SQLite could not open the database; `code` is its extended result code.
    case cannotOpen(path: String, code: Int32)
    /// The file is not an SQLite database.
    case notADatabase(path: String)

    // Migrations
    /// A migration that was applied has another text, name or place now.
    case migrationChanged(module: String, name: String)
    /// The database knows a migration that this program does not: it was written by a newer version.
    case schemaTooNew(module: String, name: String)
    /// The database holds tables of a module that is not compiled in.
    case unknownModule(String)
    /// A migration failed and nothing of its module's new ones was kept.
    case migrationFailed(module: String, name: String, reason: String)

    // Statements
    /// A row broke a rule; `name` is the table and columns, or the rule's name, as far as SQLite tells.
    case constraint(Constraint, name: String)
    /// A column held something else than was read from it.
    case column(name: String, expected: String, found: String)
    /// The statement has another number of parameters than values were given.
    case parameterCount(sql: String, expected: Int, given: Int)
    /// SQLite refused the statement; `code` is its extended result code.
    case statement(sql: String, code: Int32, reason: String)
    /// What only the Store itself may say (transactions, pragmas, attached files), a write in a reader, or more than one
    /// statement.
    case statementRefused(sql: String)
    /// A transaction was used after its body had ended.
    case transactionEnded

    // The machine
    /// The disk or the allowed size is used up. Reads go on; writes work again once there is room.
    case full
    /// The disk failed; `code` is SQLite's extended result code.
    case io(code: Int32)
    /// The file's content is damaged.
    case corrupt
    /// Someone outside this process held the database for longer than the busy time-out.
    case busy
    case outOfMemory

    // Limits and life cycle
    /// Too much is waiting already; nothing was done.
    case overloaded
    /// The body, named by its label, ran longer than its budget and was rolled back.
    case budget(label: String)
    /// The report ran longer than its time limit.
    case timeLimit
    /// Nobody wanted the result any more before the work began.
    case cancelled
    /// The store is closed or closing.
    case closed
    /// COMMIT failed: whether the write is kept is not known. Look before repeating it.
    case commitUnknown

    /// Whether the cause lies in the disk or the machine, not in the statement: health reports these.
    package var concernsTheMachine: Bool {
        switch self {
        case .full, .io, .corrupt, .notADatabase, .busy, .outOfMemory, .commitUnknown, .cannotOpen, .folder: true
        case .locked, .migrationChanged, .schemaTooNew, .unknownModule, .migrationFailed, .constraint, .column,
            .parameterCount, .statement, .statementRefused, .transactionEnded, .overloaded, .budget, .timeLimit,
            .cancelled, .closed:
            false
        }
    }
}
