import DirectoryAPI
import ModuleKit

extension Share {
    static func find(_ name: ShareName, in db: some Queryable) throws -> Share? {
        try db.first(
            """
            SELECT id, board_id, person_id, recipient_person_id, org_id, competencies, until_at, created_at
              FROM directory_shares
             WHERE id = ?1 AND board_id = ?2
            """,
            name.share, name.board
        ) { row in try Share(row) }
    }

    /// The shares of a person that hold at an instant.
    static func holding(of person: String, at now: Timestamp, in db: some Queryable) throws -> [Share] {
        try list(of: person, at: now, after: .start, limit: .max, in: db)
    }

    static func list(
        of person: String, at now: Timestamp, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [Share] {
        try db.query(
            """
            SELECT id, board_id, person_id, recipient_person_id, org_id, competencies, until_at, created_at
              FROM directory_shares                                   -- index: directory_shares_by_person
             WHERE person_id = ?1 AND (created_at, id) > (?2, ?3) AND until_at > ?4
             ORDER BY created_at, id
             LIMIT ?5
            """,
            person, after.order, after.id, now, limit
        ) { row in try Share(row) }
    }

    /// Those that a person was given.
    static func list(
        to recipient: String, at now: Timestamp, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [Share] {
        try db.query(
            """
            SELECT id, board_id, person_id, recipient_person_id, org_id, competencies, until_at, created_at
              FROM directory_shares                                   -- index: directory_shares_by_recipient
             WHERE recipient_person_id = ?1 AND (created_at, id) > (?2, ?3) AND until_at > ?4
             ORDER BY created_at, id
             LIMIT ?5
            """,
            recipient, after.order, after.id, now, limit
        ) { row in try Share(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_shares (
                id, board_id, person_id, recipient_person_id, org_id, competencies, until_at, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            name.share, name.board, person, recipient, org, competencies.joined(separator: ";"), until, createdAt)
    }

    func delete(in db: Transaction) throws {
        try db.execute("DELETE FROM directory_shares WHERE id = ?1", name.share)
    }

    /// Forgets those that are over.
    static func deleteOver(of person: String, at now: Timestamp, in db: Transaction) throws {
        try db.execute("DELETE FROM directory_shares WHERE person_id = ?1 AND until_at <= ?2", person, now)
    }

    private init(_ row: borrowing Row) throws {
        name = ShareName(board: try row.get(1), share: try row.get(0))
        person = try row.get(2)
        recipient = try row.get(3)
        org = try row.get(4)
        competencies = try row.get(5, String.self).split(separator: ";").map(String.init)
        until = try row.get(6)
        createdAt = try row.get(7)
    }
}
