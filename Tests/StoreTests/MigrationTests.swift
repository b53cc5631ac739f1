import Metrics
import Store
import TestSupport
import Testing
import Threading

@Suite("Migrations")
struct MigrationTests {
    private static let a1 = Migration("1-a", "CREATE TABLE m_a (id INTEGER PRIMARY KEY) STRICT")
    private static let a2 = Migration("2-a", "ALTER TABLE m_a ADD COLUMN n INTEGER; INSERT INTO m_a (id) VALUES (1)")

    private func migrate(
        _ folder: TemporaryFolder, _ modules: [ModuleMigrations], retired: Set<String> = []
    ) throws -> StoreError? {
        let store = try Store.open(StoreOptions(path: folder.path + "/cordee.db"), metrics: MetricsRegistry())
        defer { store.close() }
        return Result { () throws(StoreError) in try store.migrate(modules, retired: retired) }.storeError
    }

    private func tables(_ folder: TemporaryFolder) throws -> [String] {
        let store = try Store.open(StoreOptions(path: folder.path + "/cordee.db"), metrics: MetricsRegistry())
        defer { store.close() }
        return try store.makeReader().query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'm!_%' ESCAPE '!' ORDER BY name"
        ) { row in try row.get(0) }
    }

    private func module(_ migrations: Migration..., name: String = "m") -> ModuleMigrations {
        ModuleMigrations(module: name, migrations: migrations)
    }

    @Test("they run in order, once, and later ones follow on what is there")
    func inOrder() throws {
        let folder = try TemporaryFolder()
        #expect(try migrate(folder, [module(Self.a1)]) == nil)
        #expect(try migrate(folder, [module(Self.a1, Self.a2)]) == nil)
        #expect(try migrate(folder, [module(Self.a1, Self.a2)]) == nil)
        #expect(try tables(folder) == ["m_a"])
    }

    @Test("a changed old migration stops the start and is named")
    func changed() throws {
        let folder = try TemporaryFolder()
        #expect(try migrate(folder, [module(Self.a1, Self.a2)]) == nil)
        let edited = Migration("1-a", Self.a1.statements + " ")
        #expect(
            try migrate(folder, [module(edited, Self.a2)]) == .migrationChanged(module: "m", name: "1-a"))
        #expect(try migrate(folder, [module(Self.a2, Self.a1)]) == .migrationChanged(module: "m", name: "1-a"))
        let renamed = Migration("1-b", Self.a1.statements)
        #expect(try migrate(folder, [module(renamed, Self.a2)]) == .schemaTooNew(module: "m", name: "1-a"))
    }

    @Test("a database from a newer version stops the start, and nothing is changed")
    func newer() throws {
        let folder = try TemporaryFolder()
        #expect(try migrate(folder, [module(Self.a1, Self.a2)]) == nil)
        let other = module(Migration("1", "CREATE TABLE m_other (id INTEGER) STRICT"), name: "a")
        #expect(try migrate(folder, [other, module(Self.a1)]) == .schemaTooNew(module: "m", name: "2-a"))
        #expect(try tables(folder) == ["m_a"])
    }

    @Test("tables of a module that is not compiled in stop the start unless it is retired")
    func unknownModule() throws {
        let folder = try TemporaryFolder()
        #expect(try migrate(folder, [module(Self.a1)]) == nil)
        #expect(try migrate(folder, []) == .unknownModule("m"))
        #expect(try migrate(folder, [], retired: ["m"]) == nil)
    }

    @Test("a migration that fails leaves nothing of its module's new ones, and what was before stays")
    func failed() throws {
        let folder = try TemporaryFolder()
        let good = module(Migration("1", "CREATE TABLE m_good (id INTEGER) STRICT"), name: "good")
        let bad = Migration("2-bad", "CREATE TABLE m_b (id INTEGER) STRICT; INSERT INTO missing VALUES (1)")
        #expect(
            try migrate(folder, [good, module(Self.a1, bad)])
                == .migrationFailed(module: "m", name: "2-bad", reason: "no such table: missing"))
        #expect(try tables(folder) == ["m_good"])
        #expect(try migrate(folder, [good, module(Self.a1, Self.a2)]) == nil)
        #expect(try tables(folder) == ["m_a", "m_good"])
    }

    @Test("a migration that ends the transaction is refused")
    func endsTransaction() throws {
        let folder = try TemporaryFolder()
        let bad = Migration("1-bad", "COMMIT")
        #expect(
            try migrate(folder, [module(bad)])
                == .migrationFailed(module: "m", name: "1-bad", reason: "it ends the transaction"))
    }

    @Test("sort keys are made anew at first and when the rules have changed, not at each start")
    func sortKeys() throws {
        let folder = try TemporaryFolder()
        let renewals = Lock(0)
        let module = ModuleMigrations(
            module: "m", migrations: [Self.a1], renewSortKeys: { _ in renewals.withLock { $0 += 1 } })
        #expect(try migrate(folder, [module]) == nil)
        #expect(try migrate(folder, [module]) == nil)
        #expect(renewals.withLock { $0 } == 1)
        let stale = Migration("2-stale", "UPDATE store_facts SET value = 'of another ICU'")
        let later = ModuleMigrations(
            module: "m", migrations: [Self.a1, stale], renewSortKeys: { _ in renewals.withLock { $0 += 1 } })
        #expect(try migrate(folder, [later]) == nil)
        #expect(try migrate(folder, [later]) == nil)
        #expect(renewals.withLock { $0 } == 2)
    }
}

@Suite("The copy before a migration")
struct BeforeMigrationTests {
    private static func module(_ count: Int) -> ModuleMigrations {
        ModuleMigrations(
            module: "m",
            migrations: (1...count).map { Migration("\($0)", "CREATE TABLE m_\($0) (id INTEGER PRIMARY KEY) STRICT") })
    }

    private static func migrate(
        _ folder: TemporaryFolder, _ count: Int, _ label: String, countMax: Int = 2
    ) throws {
        let store = try Store.open(StoreOptions(path: folder.path + "/cordee.db"), metrics: MetricsRegistry())
        defer { store.close() }
        try store.migrate([module(count)], before: BeforeMigration(label: label, countMax: countMax))
    }

    private static func copies(_ folder: TemporaryFolder) -> [String] {
        folder.contents.filter { $0.hasPrefix("before-") }
    }

    @Test("is made when an existing database is to be changed, holds the old schema, and the newest are kept")
    func kept() throws {
        let folder = try TemporaryFolder()
        try Self.migrate(folder, 1, "1")
        #expect(Self.copies(folder) == [])
        try Self.migrate(folder, 1, "2")
        #expect(Self.copies(folder) == [])
        for count in 2...4 { try Self.migrate(folder, count, "\(count + 1)") }
        #expect(Self.copies(folder) == ["before-4.db", "before-5.db"])
        let tables = try CopyCheck(of: folder.file("before-5.db"), modules: [Self.module(4)]).run { db in
            try db.query("SELECT name FROM sqlite_schema WHERE name LIKE 'm!_%' ESCAPE '!' ORDER BY name") { row in
                try row.get(0, String.self)
            }
        }
        #expect(tables.value == ["m_1", "m_2", "m_3"])
        // A copy of a newer schema is not this program's.
        #expect(throws: CopyError.store(.schemaTooNew(module: "m", name: "3"))) {
            try CopyCheck(of: folder.file("before-5.db"), modules: [Self.module(2)]).run { _ in }
        }
    }

    @Test("is not made when the setting says so")
    func off() throws {
        let folder = try TemporaryFolder()
        try Self.migrate(folder, 1, "1", countMax: 0)
        try Self.migrate(folder, 2, "2", countMax: 0)
        #expect(Self.copies(folder) == [])
    }

    @Test("that fails leaves the schema as it was")
    func failed() throws {
        let folder = try TemporaryFolder()
        try Self.migrate(folder, 1, "1")
        try folder.write("in the way", to: "before-2.db")
        #expect(throws: StoreError.self) { try Self.migrate(folder, 2, "2") }
        let store = try Store.open(StoreOptions(path: folder.path + "/cordee.db"), metrics: MetricsRegistry())
        defer { store.close() }
        let count = try store.makeReader().value(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'm_2'", as: Int.self)
        #expect(count == 0)
    }
}
