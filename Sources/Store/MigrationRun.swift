/// Brings a database to the schema of this program: at start, on the writer's connection, before anything is served.
struct MigrationRun {
    let connection: Connection

    /// The Store's own tables beside the one that remembers migrations.
    private static let own = ModuleMigrations(
        module: "store",
        migrations: [
            Migration("1-facts", "CREATE TABLE store_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
        ])

    /// - Parameter copying: called before the first change of a database that is not new.
    func run(
        _ modules: [ModuleMigrations], retired: Set<String>, copying: () throws(StoreError) -> Void
    ) throws(StoreError) {
        try connection.runScript(
            """
            CREATE TABLE IF NOT EXISTS store_migrations (
                module TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
                PRIMARY KEY (module, position)
            ) STRICT, WITHOUT ROWID
            """)
        let modules = [Self.own] + modules
        let applied = try applied()
        // All are looked at before the first is changed: a start that is refused has changed nothing.
        let outstanding = try Self.outstanding(modules, after: applied, retired: retired)
        if !applied.isEmpty && outstanding.contains(where: { !$0.isEmpty }) { try copying() }
        for (module, migrations) in zip(modules, outstanding) { try apply(migrations, of: module) }
        try renewSortKeys(modules)
    }

    /// Whether this program could serve the database, older than it or not; only reads.
    func check(_ modules: [ModuleMigrations], retired: Set<String>) throws(StoreError) {
        _ = try Self.outstanding([Self.own] + modules, after: try applied(), retired: retired)
    }

    private static func outstanding(
        _ modules: [ModuleMigrations], after applied: [String: [ModuleMigrations.Applied]], retired: Set<String>
    ) throws(StoreError) -> [ArraySlice<Migration>] {
        let expected = Set(modules.map(\.module)).union(retired)
        if let unknown = applied.keys.sorted().first(where: { !expected.contains($0) }) {
            throw .unknownModule(unknown)
        }
        return try modules.map { (module) throws(StoreError) in
            try module.outstanding(after: applied[module.module] ?? [])
        }
    }

    private func applied() throws(StoreError) -> [String: [ModuleMigrations.Applied]] {
        try storeErrors {
            let rows = try Reader(connection).query(
                "SELECT module, name, checksum FROM store_migrations ORDER BY module, position"
            ) { row in
                (try row.get(0, String.self), ModuleMigrations.Applied(name: try row.get(1), checksum: try row.get(2)))
            }
            return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
        }
    }

    /// All of a module's new migrations, or none.
    private func apply(_ migrations: ArraySlice<Migration>, of module: ModuleMigrations) throws(StoreError) {
        guard !migrations.isEmpty else { return }
        try inTransaction { (transaction) throws(StoreError) in
            for (position, migration) in zip(migrations.indices, migrations) {
                try apply(migration, of: module.module)
                _ = try storeErrors {
                    try transaction.execute(
                        "INSERT INTO store_migrations (module, position, name, checksum) VALUES (?1, ?2, ?3, ?4)",
                        module.module, position, migration.name, migration.checksum)
                }
            }
        }
    }

    private func apply(_ migration: Migration, of module: String) throws(StoreError) {
        do {
            try connection.runScript(migration.statements)
        } catch {
            throw .migrationFailed(module: module, name: migration.name, reason: connection.lastMessage)
        }
        guard connection.isInTransaction else {
            throw .migrationFailed(module: module, name: migration.name, reason: "it ends the transaction")
        }
    }

    /// Keys of two versions of ICU do not compare with each other: after an update of it all are made anew.
    private func renewSortKeys(_ modules: [ModuleMigrations]) throws(StoreError) {
        let version = SortKey.version
        let known: String? = try storeErrors {
            try Reader(connection).value("SELECT value FROM store_facts WHERE name = 'sort_key_version'")
        }
        guard known != version else { return }
        for module in modules {
            guard let renew = module.renewSortKeys else { continue }
            try inTransaction { (transaction) throws(StoreError) in
                do { try renew(transaction) } catch {
                    throw .migrationFailed(module: module.module, name: "sort keys", reason: "\(error)")
                }
            }
        }
        try inTransaction { (transaction) throws(StoreError) in
            _ = try storeErrors {
                try transaction.execute(
                    """
                    INSERT INTO store_facts (name, value) VALUES ('sort_key_version', ?1)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """, version)
            }
        }
    }

    private func inTransaction(_ body: (Transaction) throws(StoreError) -> Void) throws(StoreError) {
        try connection.run("BEGIN IMMEDIATE")
        do throws(StoreError) {
            try body(Transaction(connection))
            try connection.run("COMMIT")
        } catch {
            if connection.isInTransaction { try connection.run("ROLLBACK") }
            throw error
        }
    }

    /// The queries above read with `Row` only, so that what they throw is always a `StoreError`.
    private func storeErrors<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do { return try body() } catch let error as StoreError { throw error } catch {
            preconditionFailure("the store's own query threw \(error)")
        }
    }
}
