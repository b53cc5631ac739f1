import DirectoryAPI
import ModuleKit

extension Need {
    static func find(_ name: NeedName, in db: some Queryable) throws -> Need? {
        try db.first(
            """
            SELECT id, board_id, person_id, competency, target_level, why, by_on, created_at, state, closed_at
              FROM directory_needs
             WHERE id = ?1 AND board_id = ?2
            """,
            name.need, name.board
        ) { row in try Need(row) }
    }

    static func open(of person: String, _ competency: String, in db: some Queryable) throws -> Need? {
        try db.first(
            """
            SELECT id, board_id, person_id, competency, target_level, why, by_on, created_at, state, closed_at
              FROM directory_needs                                    -- index: directory_needs_open
             WHERE person_id = ?1 AND competency = ?2 AND state = 'OPEN'
            """,
            person, competency
        ) { row in try Need(row) }
    }

    static func list(
        of person: String, showsClosed: Bool, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [Need] {
        try db.query(
            """
            SELECT id, board_id, person_id, competency, target_level, why, by_on, created_at, state, closed_at
              FROM directory_needs                                    -- index: directory_needs_by_person
             WHERE person_id = ?1 AND (created_at, id) > (?2, ?3) AND (?4 = 1 OR state = 'OPEN')
             ORDER BY created_at, id
             LIMIT ?5
            """,
            person, after.order, after.id, showsClosed, limit
        ) { row in try Need(row) }
    }

    /// How many people have an open need, by the identifier of the competency: the most first.
    static func counts(
        board: String, min: Int, limit: Int, in db: some Queryable
    ) throws -> [(competency: String, count: Int)] {
        try db.query(
            """
            SELECT n.competency, COUNT(*)
              FROM directory_needs AS n                               -- index: directory_needs_by_competency
              JOIN directory_people AS p ON p.id = n.person_id
             WHERE n.board_id = ?1 AND n.state = 'OPEN' AND p.state IN ('INVITED', 'ACTIVE')
             GROUP BY n.competency
            HAVING COUNT(*) >= ?2
             ORDER BY COUNT(*) DESC, n.competency
             LIMIT ?3
            """,
            board, min, limit
        ) { row in (competency: try row.get(0), count: try row.get(1)) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_needs (
                id, board_id, person_id, competency, target_level, why, by_on, created_at, state, closed_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            name.need, name.board, person, competency, targetLevel, why, by?.description, createdAt, state, closedAt)
    }

    /// Writes the end.
    func saveEnd(in db: Transaction) throws {
        try db.execute(
            "UPDATE directory_needs SET state = ?2, closed_at = ?3 WHERE id = ?1", name.need, state, closedAt)
    }

    private init(_ row: borrowing Row) throws {
        name = NeedName(board: try row.get(1), need: try row.get(0))
        person = try row.get(2)
        competency = try row.get(3)
        targetLevel = try row.get(4)
        why = try row.get(5)
        by = try row.get(6, String?.self).flatMap { CivilDate($0) }
        createdAt = try row.get(7)
        state = try row.get(8)
        closedAt = try row.get(9)
    }
}
