import ModuleKit
import Store

/// The erasures that this database has seen, by ids alone: what the ledger has beyond them is still to be applied.
enum ErasureTable {
    static let creation = Migration(
        "erasures",
        """
        CREATE TABLE system_erasures (
            person_id  TEXT PRIMARY KEY,
            board_id   TEXT NOT NULL,
            erased_by  TEXT NOT NULL,
            at         INTEGER NOT NULL,
            -- when nothing was left in any file any more
            swept_at   INTEGER
        ) STRICT;
        """)

    struct Row {
        var entry: ErasureLedger.Entry
        var isSwept: Bool
    }

    static func find(_ person: String, in db: some Queryable) throws -> Row? {
        try db.first(
            "SELECT at, board_id, person_id, erased_by, swept_at IS NOT NULL FROM system_erasures WHERE person_id = ?1",
            person
        ) { row in try Row(row) }
    }

    static func all(in db: some Queryable) throws -> [Row] {
        try db.query(
            """
            SELECT at, board_id, person_id, erased_by, swept_at IS NOT NULL
              FROM system_erasures
             ORDER BY at, person_id
            """
        ) { row in try Row(row) }
    }

    static func insert(_ entry: ErasureLedger.Entry, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO system_erasures (person_id, board_id, erased_by, at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (person_id) DO UPDATE SET swept_at = NULL
            """,
            entry.person, entry.board, entry.officer, entry.at)
    }

    static func markSwept(_ people: [String], at now: Timestamp, in db: Transaction) throws {
        for person in people {
            try db.execute("UPDATE system_erasures SET swept_at = ?2 WHERE person_id = ?1", person, now)
            try ErasureRequest.markDone(person, at: now, in: db)
        }
    }
}

extension ErasureTable.Row {
    fileprivate init(_ row: borrowing Row) throws {
        entry = ErasureLedger.Entry(
            at: try row.get(0), board: try row.get(1), person: try row.get(2), officer: try row.get(3))
        isSwept = try row.get(4)
    }
}
