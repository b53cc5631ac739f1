import Calendar
import ModuleKit
import Store

/// Since when people who have left have been gone, as the daily look saw it: what their retention is counted from.
///
/// A look on the day after somebody left is late by that day, which keeps them a day longer and never shorter. Who comes
/// back is taken off the table.
enum DepartureTable {
    static let creation = Migration(
        "departures",
        """
        CREATE TABLE system_departures (
            person_id  TEXT PRIMARY KEY,
            board_id   TEXT NOT NULL,
            since      INTEGER NOT NULL,
            -- the last look that found them gone
            seen_at    INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX system_departures_by_time ON system_departures (since, person_id);
        """)

    struct Row: Sendable {
        var person: PersonRef
        var since: Timestamp
    }

    static func see(_ people: [PersonRef], at look: Timestamp, in db: Transaction) throws {
        for person in people {
            try db.execute(
                """
                INSERT INTO system_departures (person_id, board_id, since, seen_at) VALUES (?1, ?2, ?3, ?3)
                    ON CONFLICT (person_id) DO UPDATE SET seen_at = ?3
                """,
                person.person, person.board, look)
        }
    }

    /// Takes those off whom a whole look has not found gone.
    static func removeUnseen(by look: Timestamp, in db: Transaction) throws {
        try db.execute("DELETE FROM system_departures WHERE seen_at < ?1", look)
    }

    /// Who has been gone for longest.
    static func oldest(_ limit: Int, in db: some Queryable) throws -> [Row] {
        try db.query(
            """
            SELECT board_id, person_id, since
              FROM system_departures                                  -- index: system_departures_by_time
             ORDER BY since, person_id
             LIMIT ?1
            """,
            limit
        ) { row in
            Row(person: PersonRef(board: try row.get(0), person: try row.get(1)), since: try row.get(2))
        }
    }

    static func remove(_ person: String, in db: Transaction) throws {
        try db.execute("DELETE FROM system_departures WHERE person_id = ?1", person)
    }
}
