import DirectoryAPI
import ModuleKit

extension Org {
    static func find(_ name: OrgName, in db: some Queryable) throws -> Org? {
        try db.first(
            """
            SELECT id, board_id, parent_id, source_id, kind, title, zone, locality, is_remote, is_active, revision,
                   created_at
              FROM directory_orgs
             WHERE id = ?1 AND board_id = ?2
            """,
            name.org, name.board
        ) { row in try Org(row) }
    }

    static func board(sourceID: String, in db: some Queryable) throws -> Org? {
        try db.first(
            """
            SELECT id, board_id, parent_id, source_id, kind, title, zone, locality, is_remote, is_active, revision,
                   created_at
              FROM directory_orgs                                     -- index: directory_orgs_boards
             WHERE source_id = ?1 AND kind = 'BOARD'
            """,
            sourceID
        ) { row in try Org(row) }
    }

    /// Orgs of a board that come after a place in the list, by name.
    static func list(
        board: String, after: PageKey<[UInt8]>, limit: Int, in db: some Queryable
    ) throws -> [Org] {
        try db.query(
            """
            SELECT id, board_id, parent_id, source_id, kind, title, zone, locality, is_remote, is_active, revision,
                   created_at
              FROM directory_orgs                                     -- index: directory_orgs_by_name
             WHERE board_id = ?1 AND (sort_key, id) > (?2, ?3)
             ORDER BY sort_key, id
             LIMIT ?4
            """,
            board, after.order, after.id, limit
        ) { row in try Org(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_orgs (
                id, board_id, parent_id, source_id, kind, title, zone, locality, is_remote, is_active, revision,
                created_at, sort_key)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """,
            name.org, name.board, parent, sourceID, kind, title, zone, locality, isRemote, isActive, revision,
            createdAt, sortKey)
    }

    /// Writes what an import may change, as the next revision.
    func save(in db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_orgs
               SET parent_id = ?2, kind = ?3, title = ?4, zone = ?5, locality = ?6, is_remote = ?7, is_active = ?8,
                   sort_key = ?9, revision = revision + 1
             WHERE id = ?1
            """,
            name.org, parent, kind, title, zone, locality, isRemote, isActive, sortKey)
    }

    static func renewSortKeys(in db: Transaction) throws {
        let titles = try db.query("SELECT id, title FROM directory_orgs") { row in
            (id: try row.get(0, String.self), title: try row.get(1, String.self))
        }
        for (id, title) in titles {
            try db.execute("UPDATE directory_orgs SET sort_key = ?2 WHERE id = ?1", id, sortKey(of: title))
        }
    }

    init(_ row: borrowing Row) throws {
        name = OrgName(board: try row.get(1), org: try row.get(0))
        parent = try row.get(2)
        sourceID = try row.get(3)
        kind = try row.get(4)
        title = try row.get(5)
        zone = try row.get(6)
        locality = try row.get(7)
        isRemote = try row.get(8)
        isActive = try row.get(9)
        revision = try row.get(10)
        createdAt = try row.get(11)
    }
}
