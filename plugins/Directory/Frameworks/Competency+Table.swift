import DirectoryAPI
import ModuleKit

extension Competency {
    static func find(_ name: CompetencyName, in db: some Queryable) throws -> Competency? {
        try db.first(
            """
            SELECT c.id, c.framework_id, c.identifier, c.parent_id, c.code, c.text, c.language, c.uri, c.position,
                   c.placement, c.list_order, f.board_id, f.state <> 'DRAFT'
              FROM directory_competencies AS c
              JOIN directory_frameworks AS f ON f.id = c.framework_id
             WHERE c.id = ?1 AND c.framework_id = ?2 AND f.board_id = ?3
            """,
            name.competency, name.framework, name.board
        ) { row in try Competency(row) }
    }

    /// The competency with an id, in whichever framework of the board.
    static func find(id: String, board: String, in db: some Queryable) throws -> Competency? {
        try db.first(
            """
            SELECT c.id, c.framework_id, c.identifier, c.parent_id, c.code, c.text, c.language, c.uri, c.position,
                   c.placement, c.list_order, f.board_id, f.state <> 'DRAFT'
              FROM directory_competencies AS c
              JOIN directory_frameworks AS f ON f.id = c.framework_id
             WHERE c.id = ?1 AND f.board_id = ?2
            """,
            id, board
        ) { row in try Competency(row) }
    }

    /// Competencies of a framework that come after a place in the list.
    static func list(
        _ framework: FrameworkName, after order: Int64, limit: Int, in db: some Queryable
    ) throws -> [Competency] {
        try db.query(
            """
            SELECT c.id, c.framework_id, c.identifier, c.parent_id, c.code, c.text, c.language, c.uri, c.position,
                   c.placement, c.list_order, f.board_id, f.state <> 'DRAFT'
              FROM directory_competencies AS c                        -- index: directory_competencies_by_order
              JOIN directory_frameworks AS f ON f.id = c.framework_id
             WHERE c.framework_id = ?1 AND f.board_id = ?2 AND c.list_order > ?3
             ORDER BY c.list_order
             LIMIT ?4
            """,
            framework.framework, framework.board, order, limit
        ) { row in try Competency(row) }
    }

    /// What an identifier means to a board now: the competency of the published version, else of the last retired one.
    static func current(_ identifier: String, board: String, in db: some Queryable) throws -> Competency? {
        try db.first(
            """
            SELECT c.id, c.framework_id, c.identifier, c.parent_id, c.code, c.text, c.language, c.uri, c.position,
                   c.placement, c.list_order, f.board_id, f.state <> 'DRAFT'
              FROM directory_competencies AS c                        -- index: directory_competencies_by_identifier
              JOIN directory_frameworks AS f ON f.id = c.framework_id
             WHERE c.identifier = ?1 AND f.board_id = ?2 AND f.state <> 'DRAFT'
             ORDER BY f.state = 'PUBLISHED' DESC, f.published_at DESC, c.id
             LIMIT 1
            """,
            identifier, board
        ) { row in try Competency(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_competencies (
                id, framework_id, identifier, parent_id, code, text, language, uri, position, placement, list_order)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """,
            name.competency, name.framework, identifier, parent, code, text, language, uri, position, placement, order)
    }

    private init(_ row: borrowing Row) throws {
        name = CompetencyName(board: try row.get(11), framework: try row.get(1), competency: try row.get(0))
        identifier = try row.get(2)
        parent = try row.get(3)
        code = try row.get(4)
        text = try row.get(5)
        language = try row.get(6)
        uri = try row.get(7)
        position = try row.get(8)
        placement = try row.get(9)
        order = try row.get(10)
        isOpen = try row.get(12)
    }
}

extension Alignment {
    static func list(of competency: CompetencyName, in db: some Queryable) throws -> [Alignment] {
        try db.query(
            """
            SELECT identifier, competency_id, type, destination, uri
              FROM directory_alignments                               -- index: directory_alignments_by_competency
             WHERE competency_id = ?1
             ORDER BY id
            """,
            competency.competency
        ) { row in try Alignment(row) }
    }

    static func list(of framework: FrameworkName, in db: some Queryable) throws -> [Alignment] {
        try db.query(
            """
            SELECT identifier, competency_id, type, destination, uri
              FROM directory_alignments                               -- index: directory_alignments_by_framework
             WHERE framework_id = ?1
             ORDER BY id
            """,
            framework.framework
        ) { row in try Alignment(row) }
    }

    func insert(id: String, framework: FrameworkName, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_alignments (id, framework_id, competency_id, identifier, type, destination, uri)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            id, framework.framework, origin, identifier, type, destination, uri)
    }

    private init(_ row: borrowing Row) throws {
        identifier = try row.get(0)
        origin = try row.get(1)
        type = try row.get(2)
        destination = try row.get(3)
        uri = try row.get(4)
    }
}
