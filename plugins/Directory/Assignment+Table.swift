import ModuleKit

extension Assignment {
    /// Where a person works, the main place first.
    static func list(person: String, in db: some Queryable) throws -> [Assignment] {
        try db.query(
            """
            SELECT id, person_id, org_id, role, is_primary, begin_on, end_on, source_id, share, is_secondment
              FROM directory_assignments                              -- index: directory_assignments_by_person
             WHERE person_id = ?1
             ORDER BY is_primary DESC, id
            """,
            person
        ) { row in try Assignment(row) }
    }

    /// All places of a board's people.
    static func list(board: String, in db: some Queryable) throws -> [Assignment] {
        try db.query(
            """
            SELECT a.id, a.person_id, a.org_id, a.role, a.is_primary, a.begin_on, a.end_on, a.source_id, a.share,
                   a.is_secondment
              FROM directory_assignments AS a
              JOIN directory_people AS p ON p.id = a.person_id
             WHERE p.board_id = ?1 AND p.state <> 'ERASED'
             ORDER BY a.id
            """,
            board
        ) { row in try Assignment(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_assignments (
                id, person_id, org_id, role, is_primary, begin_on, end_on, source_id, share, is_secondment)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            id, person, org, role, isPrimary, begin?.description, end?.description, sourceID, share, isSecondment)
    }

    static func deleteAll(of person: String, in db: Transaction) throws {
        try db.execute("DELETE FROM directory_assignments WHERE person_id = ?1", person)
    }

    func delete(in db: Transaction) throws {
        try db.execute("DELETE FROM directory_assignments WHERE id = ?1", id)
    }

    /// Columns in the order of the statement above.
    init(_ row: borrowing Row) throws {
        id = try row.get(0)
        person = try row.get(1)
        org = try row.get(2)
        role = try row.get(3)
        isPrimary = try row.get(4)
        begin = try Self.date(row, 5)
        end = try Self.date(row, 6)
        sourceID = try row.get(7)
        share = try row.get(8)
        isSecondment = try row.get(9)
    }

    private static func date(_ row: borrowing Row, _ column: Int) throws -> CivilDate? {
        guard let text = try row.get(column, String?.self) else { return nil }
        guard let date = CivilDate(text) else { throw row.mismatch(column, expected: "a date") }
        return date
    }
}
