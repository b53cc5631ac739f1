/// One step of a module's schema. Once released it is never edited: databases out there remember its checksum.
public struct Migration: Sendable, Equatable {
    /// Unique in its module, told in errors: `2-waiting-list`.
    public let name: String
    /// Any number of statements. Table names begin with the module's name.
    public let statements: String

    public init(_ name: String, _ statements: String) { (self.name, self.statements) = (name, statements) }

    /// FNV-1a of the text, 64 bits: it finds an edit made by accident, and is not meant for more.
    var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in statements.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// The schema of one module, in the order of its growth.
public struct ModuleMigrations: Sendable {
    public let module: String
    public let migrations: [Migration]
    /// Computes the module's stored sort keys anew: run when they were made by another `SortKey.version`.
    public let renewSortKeys: (@Sendable (Transaction) throws -> Void)?

    public init(
        module: String, migrations: [Migration], renewSortKeys: (@Sendable (Transaction) throws -> Void)? = nil
    ) {
        precondition(Set(migrations.map(\.name)).count == migrations.count, "\(module) declares a migration twice")
        (self.module, self.migrations, self.renewSortKeys) = (module, migrations, renewSortKeys)
    }

    /// A migration as a database remembers it.
    struct Applied: Equatable {
        var name: String
        var checksum: String
    }

    /// What is still to be applied to a database that remembers `applied`, in order.
    ///
    /// - Throws: `migrationChanged`, naming the first old migration that is not the same any more; `schemaTooNew`,
    ///   naming the first that this program does not know.
    func outstanding(after applied: [Applied]) throws(StoreError) -> ArraySlice<Migration> {
        let known = Set(migrations.map(\.name))
        for (index, old) in applied.enumerated() {
            guard known.contains(old.name) else { throw .schemaTooNew(module: module, name: old.name) }
            guard migrations[index].name == old.name, migrations[index].checksum == old.checksum else {
                throw .migrationChanged(module: module, name: old.name)
            }
        }
        return migrations[applied.count...]
    }
}
