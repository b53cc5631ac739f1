import ModuleKit
import Store

/// The log of events: one row for each, in the transaction of the write that states it (DESIGN §6).
struct EventTable: EventLog {
    static let creation = Migration(
        "events",
        """
        CREATE TABLE system_events (
            seq     INTEGER PRIMARY KEY,
            at      INTEGER NOT NULL,
            type    TEXT NOT NULL,
            actor   TEXT,
            board   TEXT NOT NULL,
            subject TEXT NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        """)

    /// The sequence number of the last event, 0 before the first: the anchor of the log in a copy of the database.
    static func head(in db: Reader) throws -> Int64 {
        try db.value("SELECT seq FROM system_events ORDER BY seq DESC LIMIT 1", as: Int64.self) ?? 0
    }

    func append(_ event: Event, by caller: Caller, at now: Timestamp, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO system_events (at, type, actor, board, subject, payload)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            now, event.type, caller.person, event.board, event.subject, event.payload)
    }
}
