import ModuleKit
import Store

/// A module that says that it holds nothing of people and has a table with a column that names a person is lying, or has
/// forgotten: it does not start.
enum PersonalDataCheck {
    /// - Throws: `StartError.personalData` naming module, table and column.
    static func run(_ modules: [any DomainModule], on store: Store) throws(StartError) {
        for module in modules {
            guard case .none = module.personalData else { continue }
            let column: String?
            do {
                column = try store.writeBlocking("privacy/columns") { [name = module.name] db in
                    try personColumn(of: name, in: db)
                }
            } catch {
                throw .module(name: module.name, reason: "\(error)")
            }
            if let column { throw .personalData(module: module.name, column: column) }
        }
    }

    /// "lending_loans.borrower_person_id"; nil if the module's tables have none.
    private static func personColumn(of module: String, in db: some Queryable) throws -> String? {
        try db.first(
            """
            SELECT t.name, c.name
              FROM sqlite_master AS t
              JOIN pragma_table_info(t.name) AS c
             WHERE t.type = 'table'
               AND substr(t.name, 1, length(?1) + 1) = ?1 || '_'
               AND (c.name = 'person_id' OR substr(c.name, -10) = '_person_id')
             ORDER BY t.name, c.name
            """,
            module
        ) { row in "\(try row.get(0, String.self)).\(try row.get(1, String.self))" }
    }
}
