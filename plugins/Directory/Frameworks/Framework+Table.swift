import DirectoryAPI
import ModuleKit

extension Framework {
    static func find(_ name: FrameworkName, in db: some Queryable) throws -> Framework? {
        try db.first(
            """
            SELECT id, board_id, identifier, version, title, publisher, creator, summary, language, uri, competencies,
                   created_at, state, published_at, revision
              FROM directory_frameworks
             WHERE id = ?1 AND board_id = ?2
            """,
            name.framework, name.board
        ) { row in try Framework(row) }
    }

    /// The version of a framework that is in use.
    static func published(_ identifier: String, board: String, in db: some Queryable) throws -> Framework? {
        try db.first(
            """
            SELECT id, board_id, identifier, version, title, publisher, creator, summary, language, uri, competencies,
                   created_at, state, published_at, revision
              FROM directory_frameworks                               -- index: directory_frameworks_published
             WHERE board_id = ?1 AND identifier = ?2 AND state = 'PUBLISHED'
            """,
            board, identifier
        ) { row in try Framework(row) }
    }

    static func lastVersion(_ identifier: String, board: String, in db: some Queryable) throws -> Int64 {
        try db.value(
            """
            SELECT COALESCE(MAX(version), 0)
              FROM directory_frameworks                               -- index: directory_frameworks_by_version
             WHERE board_id = ?1 AND identifier = ?2
            """,
            board, identifier) ?? 0
    }

    /// Versions of a board's frameworks, the latest first.
    static func list(
        board: String, showsRetired: Bool, seesDrafts: Bool, before: PageKey<Int64>, limit: Int, in db: some Queryable
    ) throws -> [Framework] {
        // The order rises while the instants fall.
        let instant = before.order == .min ? Timestamp.max : Timestamp(microseconds: -before.order)
        return try db.query(
            """
            SELECT id, board_id, identifier, version, title, publisher, creator, summary, language, uri, competencies,
                   created_at, state, published_at, revision
              FROM directory_frameworks                               -- index: directory_frameworks_by_time
             WHERE board_id = ?1
               AND (created_at < ?2 OR (created_at = ?2 AND id > ?3))
               AND (?4 = 1 OR state <> 'RETIRED')
               AND (?5 = 1 OR state <> 'DRAFT')
             ORDER BY created_at DESC, id
             LIMIT ?6
            """,
            board, instant, before.id, showsRetired, seesDrafts, limit
        ) { row in try Framework(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_frameworks (
                id, board_id, identifier, version, title, publisher, creator, summary, language, uri, competencies,
                created_at, state, published_at, revision)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """,
            name.framework, name.board, identifier, version, title, publisher, creator, summary, language, uri,
            competencyCount, createdAt, state, publishedAt, revision)
    }

    /// Writes the state.
    func save(in db: Transaction) throws {
        try db.execute(
            "UPDATE directory_frameworks SET state = ?2, published_at = ?3, revision = ?4 WHERE id = ?1",
            name.framework, state, publishedAt, revision)
    }

    private init(_ row: borrowing Row) throws {
        name = FrameworkName(board: try row.get(1), framework: try row.get(0))
        identifier = try row.get(2)
        version = try row.get(3)
        title = try row.get(4)
        publisher = try row.get(5)
        creator = try row.get(6)
        summary = try row.get(7)
        language = try row.get(8)
        uri = try row.get(9)
        competencyCount = try row.get(10)
        createdAt = try row.get(11)
        state = try row.get(12)
        publishedAt = try row.get(13)
        revision = try row.get(14)
    }
}
