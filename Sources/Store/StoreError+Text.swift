#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .locked(let path): "the data folder is in use by another process: \(path) is locked"
        case .folder(let path, let code): "cannot use \(path): \(Self.text(ofErrno: code))"
        case .cannotOpen(let path, let code): "SQLite cannot open \(path) (code \(code))"
        case .notADatabase(let path): "\(path) is not an SQLite database"
        case .migrationChanged(let module, let name):
            "migration \(name) of module \(module) differs from the one that this database was made with"
        case .schemaTooNew(let module, let name):
            "the database is from a newer version: it has migration \(name) of module \(module)"
        case .unknownModule(let module): "the database holds tables of module \(module), which is not compiled in"
        case .migrationFailed(let module, let name, let reason):
            "migration \(name) of module \(module) failed: \(reason)"
        case .constraint(let kind, let name): "constraint \(kind.rawValue) failed: \(name)"
        case .column(let name, let expected, let found): "column \(name) holds \(found), not \(expected)"
        case .parameterCount(let sql, let expected, let given):
            "\(expected) parameters expected, \(given) given: \(sql)"
        case .statement(let sql, let code, let reason): "\(reason) (code \(code)): \(sql)"
        case .statementRefused(let sql): "this may not be run here: \(sql)"
        case .transactionEnded: "the transaction was used after its body had ended"
        case .full: "the disk is full"
        case .io(let code): "the disk failed (code \(code))"
        case .corrupt: "the database file is damaged"
        case .busy: "the database is held by another process"
        case .outOfMemory: "out of memory"
        case .overloaded: "too much is waiting"
        case .budget(let label): "\(label) ran longer than a write may"
        case .timeLimit: "the report ran longer than its time limit"
        case .cancelled: "cancelled before it began"
        case .closed: "the store is closed"
        case .commitUnknown: "COMMIT failed: whether the write is kept is not known"
        }
    }

    private static func text(ofErrno code: Int32) -> String {
        // Proof: glibc and musl keep this text in constant data or in the calling thread's own buffer.
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
