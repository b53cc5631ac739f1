import ModuleKit
import Store

/// Where each reaction stands in the log of events: one row each, moved in the writes that the reactions make.
enum ReactionTable {
    static let creation = Migration(
        "reactions",
        """
        CREATE TABLE system_reactions (
            name        TEXT PRIMARY KEY,
            cursor      INTEGER NOT NULL,
            tries       INTEGER NOT NULL,
            try_at      INTEGER NOT NULL,
            failing_seq INTEGER,
            failure     TEXT,
            state       TEXT NOT NULL CHECK (state IN ('RUNNING', 'STOPPED'))
        ) STRICT;
        """)

    enum State: String, ColumnValue {
        case running = "RUNNING"
        /// Set aside: it waits for an operator.
        case stopped = "STOPPED"
    }

    struct Entry: Equatable {
        /// The module's name and the reaction's: "workshops.withdraw_leavers".
        var name: String
        /// The last event that it took or passed over.
        var cursor: Int64
        /// How often the event at `failingSequence` has failed.
        var tries: Int
        var tryAt: Timestamp
        var failingSequence: Int64?
        var failure: String?
        var state: State

        init(_ row: borrowing Row) throws {
            (name, cursor, tries) = (try row.get(0), try row.get(1), try row.get(2))
            (tryAt, failingSequence, failure) = (try row.get(3), try row.get(4), try row.get(5))
            state = try row.get(6)
        }
    }

    /// All of them, by name; also those that no module declares any more.
    static func all(in db: some Queryable) throws -> [Entry] {
        try db.query(
            "SELECT name, cursor, tries, try_at, failing_seq, failure, state FROM system_reactions ORDER BY name"
        ) { try Entry($0) }
    }

    static func find(_ name: String, in db: some Queryable) throws -> Entry? {
        try db.first(
            """
            SELECT name, cursor, tries, try_at, failing_seq, failure, state
              FROM system_reactions
             WHERE name = ?1
            """, name
        ) { try Entry($0) }
    }

    /// Makes the row of a reaction that is new to the database; one that is known stays where it stands.
    static func begin(_ name: String, from start: Reaction.Start, in db: Transaction) throws {
        let cursor: Int64 =
            switch start {
            case .beginning: 0
            case .now: try EventTable.head(in: db).sequence
            }
        try db.execute(
            """
            INSERT INTO system_reactions (name, cursor, tries, try_at, state)
            VALUES (?1, ?2, 0, 0, 'RUNNING')
                ON CONFLICT (name) DO NOTHING
            """, name, cursor)
    }

    /// The first event that one of some reactions has still to take; nil without reactions.
    static func firstNeeded(by names: Set<String>, in db: some Queryable) throws -> Int64? {
        try all(in: db).filter { names.contains($0.name) }.map { $0.cursor + 1 }.min()
    }

    /// The reaction has done with all events up to `cursor`.
    static func move(_ name: String, to cursor: Int64, in db: Transaction) throws {
        try db.execute(
            """
            UPDATE system_reactions
               SET cursor = ?2, tries = 0, try_at = 0, failing_seq = NULL, failure = NULL
             WHERE name = ?1
            """, name, cursor)
    }

    /// The event at `sequence` failed; those before it are done with.
    ///
    /// - Returns: the row as it is then; nil if an operator had the reaction go on meanwhile.
    static func fail(
        _ name: String, at sequence: Int64, _ failure: FailureText, _ perseverance: Perseverance, now: Timestamp,
        in db: Transaction
    ) throws -> Entry? {
        guard let row = try find(name, in: db), row.state == .running, row.cursor < sequence else { return nil }
        let tries = row.failingSequence == sequence ? row.tries + 1 : 1
        let state: State = perseverance.isOver(afterFailures: tries) ? .stopped : .running
        try db.execute(
            """
            UPDATE system_reactions
               SET cursor = ?2, tries = ?3, try_at = ?4, failing_seq = ?5, failure = ?6, state = ?7
             WHERE name = ?1
            """,
            name, sequence - 1, tries, now + perseverance.pause(afterFailures: tries), sequence, failure.text, state)
        return try find(name, in: db)
    }

    /// Has a reaction go on at once, with the event that it failed at.
    static func retry(_ name: String, in db: Transaction) throws {
        try db.execute(
            "UPDATE system_reactions SET tries = 0, try_at = 0, state = 'RUNNING' WHERE name = ?1", name)
    }

    /// Has a reaction go on behind the event that it failed at.
    static func skip(_ name: String, _ sequence: Int64, in db: Transaction) throws {
        try move(name, to: sequence, in: db)
        try db.execute("UPDATE system_reactions SET state = 'RUNNING' WHERE name = ?1", name)
    }
}

/// The log as reactions read it.
enum LoggedEvents {
    /// The types of up to `limit` events after `sequence`, in the order of the log.
    static func types(
        after sequence: Int64, limit: Int, in db: some Queryable
    ) throws -> [(sequence: Int64, type: String)] {
        try db.query(
            "SELECT seq, type FROM system_events WHERE seq > ?1 ORDER BY seq LIMIT ?2", sequence, limit
        ) { (sequence: try $0.get(0), type: try $0.get(1)) }
    }
}
