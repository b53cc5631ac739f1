import DirectoryAPI
import ModuleKit

extension Grant {
    static func find(_ name: GrantName, in db: some Queryable) throws -> Grant? {
        try db.first(
            """
            SELECT g.id, g.board_id, p.board_id, g.person_id, g.role, g.org_id, g.start_at, g.end_at, g.reason,
                   g.granted_at
              FROM directory_grants AS g
              JOIN directory_people AS p ON p.id = g.person_id
             WHERE g.id = ?1 AND g.board_id = ?2
            """,
            name.grant, name.board
        ) { row in try Grant(row) }
    }

    /// Grants over a board that are not over, and come after a place in the list: in the order of giving.
    static func list(
        board: String, at now: Timestamp, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [Grant] {
        try db.query(
            """
            SELECT g.id, g.board_id, p.board_id, g.person_id, g.role, g.org_id, g.start_at, g.end_at, g.reason,
                   g.granted_at
              FROM directory_grants AS g                              -- index: directory_grants_by_board
              JOIN directory_people AS p ON p.id = g.person_id
             WHERE g.board_id = ?1
               AND (g.granted_at, g.id) > (?2, ?3)
               AND (g.end_at IS NULL OR g.end_at > ?4)
             ORDER BY g.granted_at, g.id
             LIMIT ?5
            """,
            board, after.order, after.id, now, limit
        ) { row in try Grant(row) }
    }

    /// The grants of a person that hold, or will.
    static func list(person: String, at now: Timestamp, in db: some Queryable) throws -> [Grant] {
        try db.query(
            """
            SELECT g.id, g.board_id, p.board_id, g.person_id, g.role, g.org_id, g.start_at, g.end_at, g.reason,
                   g.granted_at
              FROM directory_grants AS g                              -- index: directory_grants_by_person
              JOIN directory_people AS p ON p.id = g.person_id
             WHERE g.person_id = ?1 AND (g.end_at IS NULL OR g.end_at > ?2)
             ORDER BY g.id
            """,
            person, now
        ) { row in try Grant(row) }
    }

    /// All grants of a person, those that are over too.
    static func all(person: String, in db: some Queryable) throws -> [Grant] {
        try list(person: person, at: .min, in: db)
    }

    /// Whether somebody who may come in leads a board.
    ///
    /// - Parameters:
    ///   - grant: one that is not counted.
    ///   - person: somebody whose grants are not counted.
    static func isLed(
        _ board: String, without grant: String = "", withoutPerson person: String = "", at now: Timestamp,
        in db: some Queryable
    ) throws -> Bool {
        let count: Int? = try db.value(
            """
            SELECT COUNT(*)
              FROM directory_grants AS g                              -- index: directory_grants_leads
              JOIN directory_people AS p ON p.id = g.person_id
             WHERE g.board_id = ?1 AND g.role = 'BOARD_LEAD' AND g.org_id IS NULL AND g.id <> ?2
               AND g.start_at <= ?3 AND (g.end_at IS NULL OR g.end_at > ?3)
               AND p.state IN ('INVITED', 'ACTIVE') AND p.id <> ?4
            """,
            board, grant, now, person)
        return count != 0
    }

    /// Who may come in and leads a board, for all boards.
    static func leads(at now: Timestamp, in db: some Queryable) throws -> [DirectoryRows.Lead] {
        try db.query(
            """
            SELECT g.board_id, g.person_id
              FROM directory_grants AS g                              -- index: directory_grants_leads
              JOIN directory_people AS p ON p.id = g.person_id
             WHERE g.role = 'BOARD_LEAD' AND g.org_id IS NULL
               AND g.start_at <= ?1 AND (g.end_at IS NULL OR g.end_at > ?1)
               AND p.state IN ('INVITED', 'ACTIVE')
            """,
            now
        ) { row in DirectoryRows.Lead(board: try row.get(0), person: try row.get(1)) }
    }

    func insert(by granter: String?, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_grants (
                id, board_id, org_id, person_id, role, start_at, end_at, reason, granted_by, granted_at, end_reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '')
            """,
            name.grant, name.board, org, person.person, role, start, end, reason, granter, grantedAt)
    }

    /// Writes the end.
    func saveEnd(by revoker: String?, reason: String, in db: Transaction) throws {
        try db.execute(
            "UPDATE directory_grants SET end_at = ?2, ended_by = ?3, end_reason = ?4 WHERE id = ?1",
            name.grant, end, revoker, reason)
    }

    private init(_ row: borrowing Row) throws {
        name = GrantName(board: try row.get(1), grant: try row.get(0))
        person = PersonName(board: try row.get(2), person: try row.get(3))
        role = try row.get(4)
        org = try row.get(5)
        start = try row.get(6)
        end = try row.get(7)
        reason = try row.get(8)
        grantedAt = try row.get(9)
    }
}
