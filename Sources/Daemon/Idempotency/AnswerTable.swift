import ModuleKit
import Store

/// Keyed writes that were carried out, with their answers: a row is written in the transaction of its write.
///
/// Rows are numbered in the order of their making, so that they are appended on the right of the table and pruned on
/// its left, and the age needs no index. The one index begins with the key: clients whose keys rise with time (ours
/// sends UUIDs of version 7) append there too, which is several times faster than random places (DESIGN §5). A digest
/// of caller, method and key would be shorter, and random for all.
enum AnswerTable {
    static let creation = Migration(
        "idempotency",
        """
        CREATE TABLE system_idempotency (
            seq         INTEGER PRIMARY KEY,
            at          INTEGER NOT NULL,
            key         TEXT NOT NULL,
            principal   TEXT NOT NULL,
            method      TEXT NOT NULL,
            fingerprint BLOB NOT NULL,
            -- the roles that the caller held, a line each: who has lost one is not answered again
            roles       TEXT NOT NULL,
            -- 0: the answer was never to be kept; 1: it is in response, or was erased with a person's data
            is_kept     INTEGER NOT NULL,
            response    BLOB
        ) STRICT;

        CREATE UNIQUE INDEX system_idempotency_by_key ON system_idempotency (key, principal, method);
        """)

    struct Row {
        var seq: Int64
        var at: Timestamp
        var fingerprint: [UInt8]
        var roles: String
        var isKept: Bool
        var response: [UInt8]?
    }

    static func find(_ key: IdempotencyKey, in db: some Queryable) throws -> Row? {
        try db.first(
            """
            SELECT seq, at, fingerprint, roles, is_kept, response
              FROM system_idempotency                           -- index: system_idempotency_by_key
             WHERE key = ?1 AND principal = ?2 AND method = ?3
            """,
            key.text, key.principal, key.method
        ) { row in
            Row(
                seq: try row.get(0), at: try row.get(1), fingerprint: try row.get(2), roles: try row.get(3),
                isKept: try row.get(4), response: try row.get(5))
        }
    }

    /// - Parameter response: the encoded answer; nil for one that is not to be kept.
    /// - Returns: the row's number.
    static func insert(
        _ key: IdempotencyKey, _ fingerprint: Fingerprint, roles: String, response: [UInt8]?, at now: Timestamp,
        in db: Transaction
    ) throws -> Int64 {
        let seq = try db.value(
            """
            INSERT INTO system_idempotency (at, key, principal, method, fingerprint, roles, is_kept, response)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            RETURNING seq
            """,
            now, key.text, key.principal, key.method, fingerprint.bytes, roles, response != nil, response,
            as: Int64.self)
        return seq ?? 0
    }

    static func delete(_ seq: Int64, in db: Transaction) throws {
        try db.execute("DELETE FROM system_idempotency WHERE seq = ?1", seq)
    }

    /// The oldest rows, so many, oldest first.
    static func oldest(_ count: Int, in db: some Queryable) throws -> [(seq: Int64, at: Timestamp)] {
        try db.query("SELECT seq, at FROM system_idempotency ORDER BY seq LIMIT ?1", count) { row in
            (seq: try row.get(0), at: try row.get(1))
        }
    }

    /// The highest number; 0 for an empty table.
    static func newest(in db: some Queryable) throws -> Int64 {
        try db.value("SELECT coalesce(max(seq), 0) FROM system_idempotency") ?? 0
    }

    static func delete(upTo seq: Int64, in db: Transaction) throws {
        try db.execute("DELETE FROM system_idempotency WHERE seq <= ?1", seq)
    }

    /// Erases the answers that were given to a person, and those in which their id stands, for a privacy erasure: the
    /// calls stay known as carried out. It looks at `count` rows after a number.
    ///
    /// - Returns: the number to go on after; nil when there are no more rows.
    static func eraseAnswers(
        about person: String, after seq: Int64, count: Int64, in db: Transaction
    ) throws -> Int64? {
        let last = try db.value(
            "SELECT MAX(seq) FROM (SELECT seq FROM system_idempotency WHERE seq > ?1 ORDER BY seq LIMIT ?2)",
            seq, count, as: Int64?.self)
        guard let last = last ?? nil else { return nil }
        try db.execute(
            """
            UPDATE system_idempotency SET response = NULL
             WHERE seq > ?2 AND seq <= ?3 AND response IS NOT NULL
               AND (principal = ?1 OR instr(response, CAST(?1 AS BLOB)) > 0)
            """,
            person, seq, last)
        return last
    }
}
