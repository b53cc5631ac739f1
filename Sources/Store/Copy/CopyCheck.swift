#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Looks through a copy of the database without changing it, or anything beside it.
public struct CopyCheck: Sendable {
    /// What a sound copy holds.
    public struct Report: Sendable, Equatable {
        public let byteCount: Int64
        /// The modules whose tables are in it, sorted.
        public let modules: [String]
    }

    private let path: String
    private let modules: [ModuleMigrations]

    /// - Parameter modules: those of this program: a copy that a newer version made is refused. Tables of other modules
    ///   are none of its business: the start of the daemon decides about them.
    public init(of path: String, modules: [ModuleMigrations]) { (self.path, self.modules) = (path, modules) }

    /// Reads every page and every key.
    ///
    /// - Parameter inspect: reads the sound copy.
    /// - Throws: what is wrong with the copy, or `CopyError` around what `inspect` threw.
    public func run<Value>(_ inspect: (Reader) throws -> Value) throws(CopyError) -> (report: Report, value: Value) {
        guard let byteCount = Files.byteCount(path) else { throw .missing(path: path) }
        for suffix in ["-wal", "-journal"] where (Files.byteCount(path + suffix) ?? 0) > 0 {
            throw .incomplete(path: path + suffix)
        }
        guard try hasHeader() else { throw .notOurs(path: path) }
        do {
            var options = StoreOptions(path: path)
            options.cacheKiB = 65_536
            let connection = try Connection(options, .copy)
            let reader = Reader(connection)
            guard let names = try modulesInside(reader) else { throw CopyError.notOurs(path: path) }
            try lookThrough(connection)
            try MigrationRun(connection: connection).check(modules, retired: Set(names))
            return (Report(byteCount: byteCount, modules: names), try inspect(reader))
        } catch StoreError.corrupt {
            throw .damaged(path: path, findings: ["SQLite cannot read it"])
        } catch {
            throw CopyError(error)
        }
    }

    /// Whether the file begins as SQLite's do: another one is not called damaged.
    private func hasHeader() throws(CopyError) -> Bool {
        let magic = Array("SQLite format 3\0".utf8)
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .store(.folder(path: path, code: errno)) }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: magic.count)
        let count = unsafe head.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw .store(.folder(path: path, code: errno)) }
        return count == magic.count && head == magic
    }

    /// Nil when it is a database of something else.
    private func modulesInside(_ reader: Reader) throws -> [String]? {
        let own = try reader.value(
            """
            SELECT count(*) FROM sqlite_schema
             WHERE type = 'table' AND name IN ('store_migrations', 'store_facts')
            """, as: Int.self)
        guard own == 2 else { return nil }
        return try reader.query("SELECT DISTINCT module FROM store_migrations WHERE module <> 'store' ORDER BY module")
        {
            try $0.get(0)
        }
    }

    private func lookThrough(_ connection: Connection) throws {
        let findings = try connection.pragmaRows("PRAGMA integrity_check(10)")
        guard findings == ["ok"] else { throw CopyError.damaged(path: path, findings: findings) }
        let orphans = try connection.pragmaRows("PRAGMA foreign_key_check")
        guard orphans.isEmpty else {
            let tables = Set(orphans).sorted().map { "rows of \($0) refer to rows that are not there" }
            throw CopyError.damaged(path: path, findings: tables)
        }
    }
}
