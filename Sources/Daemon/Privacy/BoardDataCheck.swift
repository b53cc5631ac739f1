import ModuleKit
import Store

/// A module with a table that is in no collection of a board and is not named as left out has forgotten it: it does not
/// start, since a board that leaves would leave it behind without a word.
enum BoardDataCheck {
    /// - Throws: `StartError.boardData` naming module and table.
    static func run(_ modules: [any DomainModule], on store: Store) throws(StartError) {
        for module in modules {
            let table: String?
            do {
                table = try store.writeBlocking("privacy/tables") {
                    [name = module.name, known = module.boardData.tables] db in
                    try db.query(
                        """
                        SELECT t.name
                          FROM pragma_table_list AS t
                         WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, length(?1) + 1) = ?1 || '_'
                           -- What a search index keeps beside itself is made from other tables.
                           AND NOT EXISTS (
                               SELECT 1 FROM pragma_table_list AS v
                                WHERE v.type = 'virtual' AND v.name || '_docs' = t.name)
                         ORDER BY t.name
                        """,
                        name
                    ) { row in try row.get(0, String.self) }.first { !known.contains($0) }
                }
            } catch {
                throw .module(name: module.name, reason: "\(error)")
            }
            if let table { throw .boardData(module: module.name, table: table) }
        }
    }
}
