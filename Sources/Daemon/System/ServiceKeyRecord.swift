import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

/// The key of a program: what it may call, and until when.
struct ServiceKeyRecord: Resource {
    static let creation = Migration(
        "service_keys",
        """
        CREATE TABLE system_service_keys (
            id          TEXT PRIMARY KEY,
            hash        BLOB NOT NULL,
            board_id    TEXT NOT NULL,
            label       TEXT NOT NULL,
            methods     TEXT NOT NULL,
            created_by  TEXT,
            created_at  INTEGER NOT NULL,
            expires_at  INTEGER NOT NULL,
            revoked_at  INTEGER
        ) STRICT;

        CREATE UNIQUE INDEX system_service_keys_by_hash ON system_service_keys (hash);
        CREATE INDEX system_service_keys_by_board ON system_service_keys (board_id, id);
        """)

    let name: ServiceKeyName
    let label: String
    /// Paths.
    let methods: [String]
    let createdAt: Timestamp
    let expiresAt: Timestamp
    var revokedAt: Timestamp?

    var belonging: Belonging { Belonging(board: name.board) }

    /// Who the program is to the daemon.
    var caller: Caller {
        var caller = Caller(
            .service(id: name.serviceKey, board: name.board), roles: [Caller.HeldRole(.service, board: name.board)],
            displayName: label, methods: Set(methods))
        caller.validUntil = expiresAt
        return caller
    }

    static func find(_ name: ServiceKeyName, in db: some Queryable) throws -> ServiceKeyRecord? {
        try db.first(
            """
            SELECT board_id, id, label, methods, created_at, expires_at, revoked_at
              FROM system_service_keys
             WHERE id = ?1 AND board_id = ?2
            """,
            name.serviceKey, name.board
        ) { row in try ServiceKeyRecord(row) }
    }

    /// A key that is good at an instant, by the hash of its secret.
    static func find(hash: [UInt8], at now: Timestamp, in db: some Queryable) throws -> ServiceKeyRecord? {
        try db.first(
            """
            SELECT board_id, id, label, methods, created_at, expires_at, revoked_at
              FROM system_service_keys                          -- index: system_service_keys_by_hash
             WHERE hash = ?1 AND expires_at > ?2 AND revoked_at IS NULL
            """,
            hash, now
        ) { row in try ServiceKeyRecord(row) }
    }

    /// The keys of a board that are good and come after one, the oldest first.
    static func list(
        board: String, at now: Timestamp, after id: String, limit: Int, in db: some Queryable
    ) throws -> [ServiceKeyRecord] {
        try db.query(
            """
            SELECT board_id, id, label, methods, created_at, expires_at, revoked_at
              FROM system_service_keys                          -- index: system_service_keys_by_board
             WHERE board_id = ?1 AND id > ?2 AND revoked_at IS NULL AND expires_at > ?3
             ORDER BY id
             LIMIT ?4
            """,
            board, id, now, limit
        ) { row in try ServiceKeyRecord(row) }
    }

    init(
        name: ServiceKeyName, label: String, methods: [String], createdAt: Timestamp, expiresAt: Timestamp
    ) {
        (self.name, self.label, self.methods) = (name, label, methods)
        (self.createdAt, self.expiresAt) = (createdAt, expiresAt)
    }

    func insert(hash: [UInt8], by creator: String?, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO system_service_keys (id, hash, board_id, label, methods, created_by, created_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            name.serviceKey, hash, name.board, label, methods.joined(separator: " "), creator, createdAt, expiresAt)
    }

    mutating func revoke(at now: Timestamp, in db: Transaction) throws {
        revokedAt = now
        try db.execute("UPDATE system_service_keys SET revoked_at = ?2 WHERE id = ?1", name.serviceKey, now)
    }

    private init(_ row: borrowing Row) throws {
        name = ServiceKeyName(board: try row.get(0), serviceKey: try row.get(1))
        label = try row.get(2)
        methods = try row.get(3, String.self).split(separator: " ").map(String.init)
        createdAt = try row.get(4)
        expiresAt = try row.get(5)
        revokedAt = try row.get(6)
    }
}

extension CordeeSystem_ServiceKey {
    init(_ key: ServiceKeyRecord) {
        self = .with {
            $0.name = key.name.description
            $0.label = key.label
            $0.methods = key.methods
            $0.createTime = Google_Protobuf_Timestamp(key.createdAt)
            $0.expireTime = Google_Protobuf_Timestamp(key.expiresAt)
            if let end = key.revokedAt { $0.revokeTime = Google_Protobuf_Timestamp(end) }
        }
    }
}
