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

    func append(_ event: Event, by actor: String?, at now: Timestamp, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO system_events (at, type, actor, board, subject, payload)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            now, event.type, actor, event.board, event.subject, event.payload)
    }
}
