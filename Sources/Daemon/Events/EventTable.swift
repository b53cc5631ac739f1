import ModuleKit
import Store

/// The log of events: one row for each, in the transaction of the write that states it (DESIGN §6).
///
/// The head is read from the database each time: it is one step down a tree whose pages are in memory, and a head kept
/// beside would have to follow each savepoint that is undone.
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

    static let chain = Migration(
        "event-chain",
        """
        ALTER TABLE system_events ADD COLUMN person TEXT;
        ALTER TABLE system_events ADD COLUMN audience TEXT;
        ALTER TABLE system_events ADD COLUMN part_digest BLOB;
        ALTER TABLE system_events ADD COLUMN mac BLOB;

        CREATE INDEX system_events_by_board ON system_events (board, seq);

        CREATE TABLE system_event_parts (
            seq        INTEGER PRIMARY KEY,
            person_id  TEXT NOT NULL,
            salt       BLOB NOT NULL,
            part       BLOB NOT NULL
        ) STRICT;

        CREATE INDEX system_event_parts_by_person ON system_event_parts (person_id);

        CREATE TABLE system_event_checkpoints (
            seq        INTEGER PRIMARY KEY,
            mac        BLOB NOT NULL,
            at         INTEGER NOT NULL,
            signature  BLOB NOT NULL
        ) STRICT;

        CREATE TABLE system_log (
            log_id    TEXT PRIMARY KEY,
            began_at  INTEGER NOT NULL,
            cause     TEXT NOT NULL CHECK (cause IN ('CREATED', 'RESTORED')),
            seq       INTEGER NOT NULL
        ) STRICT;
        """)

    let key: ChainKey
    let bell: EventBell

    func append(_ event: Event, by actor: String?, at now: Timestamp, in db: Transaction) throws {
        let head = try Self.head(in: db)
        let logged = LoggedEvent(sequence: head.sequence + 1, at: now, actor: actor, event: event)
        var row = EventRow(logged, partDigest: try keep(event, beside: logged.sequence, in: db))
        row.mac = key.mac(of: row, after: head.mac)
        try insert(row, in: db)
        let (bell, sequence) = (bell, row.sequence)
        db.onCommit { bell.ring(sequence) }
    }

    /// The end of the log; `genesis` before the first event.
    static func head(in db: some Queryable) throws -> ChainHead {
        let last = try db.first("SELECT seq, mac FROM system_events ORDER BY seq DESC LIMIT 1") { row in
            ChainHead(sequence: try row.get(0), mac: try row.get(1, [UInt8]?.self) ?? [])
        }
        return try last ?? ChainCheckpoint.last(in: db)?.head ?? .genesis
    }

    private func insert(_ row: EventRow, in db: Transaction) throws {
        let (logged, event) = (row.logged, row.logged.event)
        try db.execute(
            """
            INSERT INTO system_events
                   (seq, at, type, actor, board, subject, person, audience, payload, part_digest, mac)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """,
            logged.sequence, logged.at, event.type, logged.actor, event.board, event.subject, event.person,
            event.audience, event.payload, row.partDigest, row.mac)
    }

    /// Keeps the personal part beside the log and returns what the log says of it: a digest that tells nothing once the
    /// salt is deleted.
    private func keep(_ event: Event, beside sequence: Int64, in db: Transaction) throws -> [UInt8] {
        guard !event.personalPart.isEmpty, let person = event.person else { return [] }
        let salt = randomBytes(16)
        try db.execute(
            "INSERT INTO system_event_parts (seq, person_id, salt, part) VALUES (?1, ?2, ?3, ?4)",
            sequence, person, salt, event.personalPart)
        return Self.digest(salt: salt, part: event.personalPart)
    }

    static func digest(salt: [UInt8], part: [UInt8]) -> [UInt8] { sha256(salt + part) }
}
