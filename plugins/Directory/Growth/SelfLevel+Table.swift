import DirectoryAPI
import ModuleKit

extension SelfLevel {
    /// For who asks without an instant, no share holds: its owner alone sees it.
    static func find(_ name: SelfLevelName, in db: some Queryable) throws -> SelfLevel? {
        try find(name, at: .max, in: db)
    }

    /// A level with those who may see it at an instant.
    static func find(_ name: SelfLevelName, at now: Timestamp, in db: some Queryable) throws -> SelfLevel? {
        let level = try db.first(
            """
            SELECT id, board_id, person_id, competency, level, evidence, updated_at, revision
              FROM directory_self_levels
             WHERE id = ?1 AND board_id = ?2
            """,
            name.level, name.board
        ) { row in try SelfLevel(row) }
        let shares = try Share.holding(of: level?.person ?? "", at: now, in: db)
        return level?.shared(by: shares)
    }

    static func find(person: String, competency: String, in db: some Queryable) throws -> SelfLevel? {
        try db.first(
            """
            SELECT id, board_id, person_id, competency, level, evidence, updated_at, revision
              FROM directory_self_levels                              -- index: directory_self_levels_by_person
             WHERE person_id = ?1 AND competency = ?2
            """,
            person, competency
        ) { row in try SelfLevel(row) }
    }

    /// Levels of a person that come after a competency's identifier, with those who may see them at an instant.
    static func list(
        person: String, at now: Timestamp, after competency: String, limit: Int, in db: some Queryable
    ) throws -> [SelfLevel] {
        let shares = try Share.holding(of: person, at: now, in: db)
        return try db.query(
            """
            SELECT id, board_id, person_id, competency, level, evidence, updated_at, revision
              FROM directory_self_levels                              -- index: directory_self_levels_by_person
             WHERE person_id = ?1 AND competency > ?2
             ORDER BY competency
             LIMIT ?3
            """,
            person, competency, limit
        ) { row in try SelfLevel(row) }.map { $0.shared(by: shares) }
    }

    /// How many people at each level share one competency with the teams of schools where they work: by school.
    static func teamCounts(
        of competency: String, board: String, at now: Timestamp, in db: some Queryable
    ) throws -> [(org: String, level: Int, count: Int)] {
        try db.query(
            """
            SELECT s.org_id, l.level, COUNT(DISTINCT l.person_id)
              FROM directory_shares AS s                              -- index: directory_shares_by_org
              JOIN directory_self_levels AS l ON l.person_id = s.person_id AND l.competency = ?2
              JOIN directory_people AS p ON p.id = s.person_id
             WHERE s.board_id = ?1 AND s.org_id IS NOT NULL AND s.until_at > ?3
               AND (s.competencies = '' OR s.competencies LIKE '%' || ?2 || '%')
               AND p.state IN ('INVITED', 'ACTIVE')
               AND EXISTS (
                    SELECT 1 FROM directory_assignments AS a
                     WHERE a.org_id = s.org_id AND a.person_id = s.person_id)
             GROUP BY s.org_id, l.level
             ORDER BY s.org_id, l.level
            """,
            board, competency, now
        ) { row in (org: try row.get(0), level: try row.get(1), count: try row.get(2)) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_self_levels (
                id, board_id, person_id, competency, level, evidence, updated_at, revision)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            name.level, name.board, person, competency, level, TextList(evidence), updatedAt, revision)
    }

    func save(in db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_self_levels SET level = ?2, evidence = ?3, updated_at = ?4, revision = ?5 WHERE id = ?1
            """,
            name.level, level, TextList(evidence), updatedAt, revision)
    }

    private init(_ row: borrowing Row) throws {
        name = SelfLevelName(board: try row.get(1), level: try row.get(0))
        person = try row.get(2)
        competency = try row.get(3)
        level = try row.get(4)
        evidence = try row.get(5, TextList.self).texts
        updatedAt = try row.get(6)
        revision = try row.get(7)
    }
}

/// Texts in one column, by their places: what `TextByLanguage` does for languages.
private struct TextList: ColumnValue {
    var texts: [String]

    init(_ texts: [String]) { self.texts = texts }

    func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try numbered.bind(to: statement, at: index)
    }

    init(row: borrowing Row, column: Int) throws(StoreError) {
        texts = try TextByLanguage(row: row, column: column).texts.sorted { $0.key < $1.key }.map(\.value)
    }

    var boundByteCount: Int { numbered.boundByteCount }

    private var numbered: TextByLanguage {
        TextByLanguage(
            Dictionary(uniqueKeysWithValues: texts.enumerated().map { (String($0.offset + 1_000), $0.element) }))
    }
}
