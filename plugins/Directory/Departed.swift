import ModuleKit

/// Who has left and was not erased.
enum Departed {
    static let index = Migration(
        "departed", "CREATE INDEX directory_people_departed ON directory_people (id) WHERE state = 'LEFT';")

    static func list(after id: String, limit: Int, in db: some Queryable) throws -> [(id: String, board: String)] {
        try db.query(
            """
            SELECT id, board_id
              FROM directory_people                                   -- index: directory_people_departed
             WHERE state = 'LEFT' AND id > ?1
             ORDER BY id
             LIMIT ?2
            """,
            id, limit
        ) { row in (id: try row.get(0), board: try row.get(1)) }
    }
}
