import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

extension ErasureRequest {
    static let creation = Migration(
        "erasure-requests",
        """
        CREATE TABLE system_erasure_requests (
            id               TEXT PRIMARY KEY,
            board_id         TEXT NOT NULL,
            person_id        TEXT NOT NULL,
            reason           TEXT NOT NULL,
            state            TEXT NOT NULL CHECK (state IN ('REQUESTED', 'APPROVED', 'REFUSED', 'DONE', 'WITHDRAWN')),
            requested_at     INTEGER NOT NULL,
            decided_at       INTEGER,
            decided_by       TEXT,
            decision_reason  TEXT NOT NULL,
            done_at          INTEGER,
            plan             BLOB NOT NULL,
            revision         INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX system_erasure_requests_by_board ON system_erasure_requests (board_id, requested_at, id);
        CREATE INDEX system_erasure_requests_by_person ON system_erasure_requests (person_id, requested_at);
        -- One that waits for each person.
        CREATE UNIQUE INDEX system_erasure_requests_waiting
            ON system_erasure_requests (person_id) WHERE state = 'REQUESTED';
        """)

    static func find(_ name: ErasureRequestName, in db: some Queryable) throws -> ErasureRequest? {
        try db.first(
            """
            SELECT id, board_id, person_id, reason, state, requested_at, decided_at, decided_by, decision_reason, done_at,
                   plan, revision
              FROM system_erasure_requests
             WHERE id = ?1 AND board_id = ?2
            """,
            name.erasureRequest, name.board
        ) { row in try ErasureRequest(row) }
    }

    /// All of a person, the oldest first.
    static func all(of person: String, in db: some Queryable) throws -> [ErasureRequest] {
        try db.query(
            """
            SELECT id, board_id, person_id, reason, state, requested_at, decided_at, decided_by, decision_reason, done_at,
                   plan, revision
              FROM system_erasure_requests                            -- index: system_erasure_requests_by_person
             WHERE person_id = ?1
             ORDER BY requested_at, id
            """,
            person
        ) { row in try ErasureRequest(row) }
    }

    /// Those of a board that come after a place in the list, the oldest first.
    ///
    /// - Parameter person: only this person's; nil for everybody's.
    static func list(
        board: String, person: String?, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [ErasureRequest] {
        try db.query(
            """
            SELECT id, board_id, person_id, reason, state, requested_at, decided_at, decided_by, decision_reason, done_at,
                   plan, revision
              FROM system_erasure_requests                            -- index: system_erasure_requests_by_board
             WHERE board_id = ?1 AND (requested_at, id) > (?2, ?3) AND (?4 IS NULL OR person_id = ?4)
             ORDER BY requested_at, id
             LIMIT ?5
            """,
            board, after.order, after.id, person, limit
        ) { row in try ErasureRequest(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO system_erasure_requests (
                id, board_id, person_id, reason, state, requested_at, decision_reason, plan, revision
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', x'', ?7)
            """,
            name.erasureRequest, name.board, person, reason, state, requestedAt, revision)
    }

    /// Writes what was decided, as the next revision.
    mutating func save(in db: Transaction) throws {
        revision += 1
        let plan: [UInt8] = try CordeeSystem_ErasureRequest.with { $0.plan = self.plan }.serializedBytes()
        try db.execute(
            """
            UPDATE system_erasure_requests
               SET state = ?2, decided_at = ?3, decided_by = ?4, decision_reason = ?5, plan = ?6, revision = ?7
             WHERE id = ?1
            """,
            name.erasureRequest, state, decidedAt, decidedBy, decisionReason, plan, revision)
    }

    /// Part of each erasure, also of one that nobody had asked for, and of one that is done again after a restore: what
    /// waits is thereby approved, and no word of theirs stays.
    static func erase(_ entry: ErasureLedger.Entry, in db: Transaction) throws {
        try db.execute(
            """
            UPDATE system_erasure_requests
               SET state = 'APPROVED', decided_at = ?2, decided_by = ?3, revision = revision + 1
             WHERE person_id = ?1 AND state = 'REQUESTED'
            """,
            entry.person, entry.at, entry.officer)
    }

    static func markDone(_ person: String, at now: Timestamp, in db: Transaction) throws {
        try db.execute(
            """
            UPDATE system_erasure_requests SET state = 'DONE', done_at = ?2, revision = revision + 1
             WHERE person_id = ?1 AND state = 'APPROVED'
            """,
            person, now)
    }

    private init(_ row: borrowing Row) throws {
        let plan: [UInt8] = try row.get(10)
        self.init(
            name: ErasureRequestName(board: try row.get(1), erasureRequest: try row.get(0)), person: try row.get(2),
            reason: try row.get(3), state: try row.get(4), requestedAt: try row.get(5), decidedAt: try row.get(6),
            decidedBy: try row.get(7), decisionReason: try row.get(8), doneAt: try row.get(9),
            plan: try CordeeSystem_ErasureRequest(serializedBytes: plan).plan, revision: try row.get(11))
    }
}
