import CSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Connection {
    static func openHandle(_ options: StoreOptions, _ access: Access) throws(StoreError) -> OpaquePointer {
        let mode =
            switch access {
            case .readWrite: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readOnly: SQLITE_OPEN_READONLY
            case .draft: SQLITE_OPEN_READWRITE
            case .copy: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            }
        let name = access == .copy ? immutableURI(of: options.path) : options.path
        var handle: OpaquePointer?
        let code = unsafe sqlite3_open_v2(
            name, &handle, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, options.seams.vfs)
        if code == SQLITE_OK, let handle = unsafe handle { return unsafe handle }
        let systemCode = unsafe sqlite3_system_errno(handle)
        unsafe sqlite3_close_v2(handle)
        throw systemCode != 0
            ? .folder(path: options.path, code: systemCode) : .cannotOpen(path: options.path, code: code)
    }

    /// The pragmas of DESIGN §5. What the whole file keeps (WAL) is set by the writer alone.
    func configure(_ options: StoreOptions, _ access: Access) throws(StoreError) {
        do {
            try harden()
            setBusyTimeout(options.busyTimeout)
            try runScript(
                """
                PRAGMA trusted_schema = OFF;
                PRAGMA cell_size_check = ON;
                PRAGMA foreign_keys = ON;
                PRAGMA temp_store = MEMORY;
                PRAGMA cache_size = -\(options.cacheKiB);
                """)
            if access == .readWrite { try configureWriter(options) }
            if access == .draft { try configureDraft() }
        } catch .corrupt {
            throw .notADatabase(path: options.path)
        }
    }

    private func configureWriter(_ options: StoreOptions) throws(StoreError) {
        // SQLite falls back to reading by itself.
        if isReadOnly { throw .folder(path: options.path, code: EACCES) }
        try runScript("PRAGMA journal_mode = WAL")
        let mode = try pragma("PRAGMA journal_mode")
        guard mode == "wal" else { throw .cannotOpen(path: options.path, code: SQLITE_CANTOPEN) }
        try runScript(
            """
            PRAGMA synchronous = \(options.seams.synchronous.rawValue);
            PRAGMA secure_delete = ON;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = \(options.walBytesMax);
            """)
        if let pagesMax = options.seams.pagesMax { try runScript("PRAGMA max_page_count = \(pagesMax)") }
        // wal_autocheckpoint is built on the same hook and has just replaced ours.
        watchWALSize()
    }

    /// Nothing to fall back to, nobody to share with: the file is synced as a whole once it is written.
    private func configureDraft() throws(StoreError) {
        try runScript(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
    }

    /// A file as SQLite is to read it without locks, and without making a `-wal` or `-shm` beside it.
    private static func immutableURI(of path: String) -> String {
        var uri = "file:"
        for byte in path.utf8 {
            switch UInt8(byte) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16)
                uri += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return uri + "?immutable=1"
    }

    /// The one value that a pragma answers, as text.
    func pragma(_ text: String) throws(StoreError) -> String {
        try pragmaRows(text).first ?? ""
    }

    /// The first column of each row that a pragma answers.
    func pragmaRows(_ text: String) throws(StoreError) -> [String] {
        let statement = try prepareOwn(SQL(composed: text))
        var rows: [String] = []
        while try statement.step() { rows.append(Row(statement).text(0)) }
        return rows
    }
}
