import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

/// Access tokens as they are stored: by hash, never by secret.
enum TokenTable {
    static let creation = Migration(
        "tokens",
        """
        CREATE TABLE system_tokens (
            id          TEXT PRIMARY KEY,
            hash        BLOB NOT NULL,
            person_id   TEXT NOT NULL,
            kind        TEXT NOT NULL CHECK (kind IN ('ACCESS', 'BOOTSTRAP')),
            label       TEXT NOT NULL,
            created_at  INTEGER NOT NULL,
            expires_at  INTEGER,
            used_at     INTEGER
        ) STRICT;

        CREATE UNIQUE INDEX system_tokens_by_hash ON system_tokens (hash);
        """)

    /// Whose board a token is of, and when it was taken back.
    static let owners = Migration(
        "token_owners",
        """
        ALTER TABLE system_tokens ADD COLUMN board_id TEXT;
        ALTER TABLE system_tokens ADD COLUMN revoked_at INTEGER;

        CREATE INDEX system_tokens_by_person ON system_tokens (person_id, id) WHERE revoked_at IS NULL;
        CREATE INDEX system_tokens_revoked ON system_tokens (revoked_at) WHERE revoked_at IS NOT NULL;
        CREATE INDEX system_tokens_expired ON system_tokens (expires_at);
        """)

    /// What a token is good for.
    enum Kind: String, ColumnValue {
        case access = "ACCESS"
        /// Good for one `CreateToken`, within an hour: what `Bootstrap` gives.
        case bootstrap = "BOOTSTRAP"
    }

    struct Row {
        var id: String
        var person: String
        var kind: Kind
        var expiresAt: Timestamp?
    }

    /// A token that is good at an instant, by the hash of its secret.
    static func find(hash: [UInt8], at now: Timestamp, in db: some Queryable) throws -> Row? {
        try db.first(
            """
            SELECT id, person_id, kind, expires_at
              FROM system_tokens                                -- index: system_tokens_by_hash
             WHERE hash = ?1
               AND (expires_at IS NULL OR expires_at > ?2)
               AND used_at IS NULL
               AND revoked_at IS NULL
            """,
            hash, now
        ) { row in
            Row(id: try row.get(0), person: try row.get(1), kind: try row.get(2), expiresAt: try row.get(3))
        }
    }

    static func insert(
        _ name: TokenName, hash: [UInt8], kind: Kind, label: String, at now: Timestamp, expiresAt: Timestamp,
        in db: Transaction
    ) throws {
        try db.execute(
            """
            INSERT INTO system_tokens (id, hash, board_id, person_id, kind, label, created_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            name.token, hash, name.board, name.person, kind, label, now, expiresAt)
    }

    /// How long a token that ended is kept.
    private static let keptAfterEnd = Duration.seconds(90 * 86_400)

    /// Gives up tokens that ended long ago.
    ///
    /// - Returns: how many.
    static func prune(_ rowsMax: Int, at now: Timestamp, in db: Transaction) throws -> Int {
        try db.execute(
            """
            DELETE FROM system_tokens
             WHERE id IN (
                   SELECT id FROM system_tokens WHERE expires_at < ?1
                   UNION
                   SELECT id FROM system_tokens WHERE revoked_at < ?1 AND revoked_at IS NOT NULL
                   LIMIT ?2)
            """,
            now - keptAfterEnd, rowsMax)
    }

    /// How many tokens of a person are good.
    static func goodCount(of person: String, at now: Timestamp, in db: some Queryable) throws -> Int {
        try db.value(
            """
            SELECT COUNT(*)
              FROM system_tokens                                -- index: system_tokens_by_person
             WHERE person_id = ?1 AND kind = 'ACCESS' AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > ?2)
            """,
            person, now) ?? 0
    }

    /// The tokens of a person, as they may know of them.
    static func all(of person: String, in db: some Queryable) throws -> [CordeeSystem_HeldToken] {
        try db.query(
            "SELECT label, created_at, expires_at FROM system_tokens WHERE person_id = ?1 ORDER BY id", person
        ) { row in
            var token = CordeeSystem_HeldToken()
            token.label = try row.get(0)
            token.createTime = Google_Protobuf_Timestamp(try row.get(1, Timestamp.self))
            if let end = try row.get(2, Timestamp?.self) { token.expireTime = Google_Protobuf_Timestamp(end) }
            return token
        }
    }

    /// Uses a single-use token up; false if that was done before.
    static func use(_ id: String, at now: Timestamp, in db: Transaction) throws -> Bool {
        try db.execute("UPDATE system_tokens SET used_at = ?2 WHERE id = ?1 AND used_at IS NULL", id, now) == 1
    }
}
