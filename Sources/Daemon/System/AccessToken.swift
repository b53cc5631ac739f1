import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

/// A person's access token as its owner and the board's leads know of it.
struct AccessToken: Resource {
    let name: TokenName
    let label: String
    let createdAt: Timestamp
    let expiresAt: Timestamp?
    var revokedAt: Timestamp?

    var belonging: Belonging { Belonging(board: name.board, person: name.person) }

    static func find(_ name: TokenName, in db: some Queryable) throws -> AccessToken? {
        try db.first(
            """
            SELECT board_id, person_id, id, label, created_at, expires_at, revoked_at
              FROM system_tokens
             WHERE id = ?1 AND person_id = ?2 AND board_id = ?3 AND kind = 'ACCESS'
            """,
            name.token, name.person, name.board
        ) { row in try AccessToken(row) }
    }

    /// The tokens of a person that are good and come after one, the oldest first.
    static func list(
        of person: String, at now: Timestamp, after id: String, limit: Int, in db: some Queryable
    ) throws -> [AccessToken] {
        try db.query(
            """
            SELECT board_id, person_id, id, label, created_at, expires_at, revoked_at
              FROM system_tokens                                -- index: system_tokens_by_person
             WHERE person_id = ?1 AND id > ?2 AND kind = 'ACCESS' AND board_id IS NOT NULL
               AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?3)
             ORDER BY id
             LIMIT ?4
            """,
            person, id, now, limit
        ) { row in try AccessToken(row) }
    }

    mutating func revoke(at now: Timestamp, in db: Transaction) throws {
        revokedAt = now
        try db.execute("UPDATE system_tokens SET revoked_at = ?2 WHERE id = ?1", name.token, now)
    }

    private init(_ row: borrowing Row) throws {
        name = TokenName(board: try row.get(0), person: try row.get(1), token: try row.get(2))
        label = try row.get(3)
        createdAt = try row.get(4)
        expiresAt = try row.get(5)
        revokedAt = try row.get(6)
    }
}

extension CordeeSystem_Token {
    init(_ token: AccessToken) {
        self = .with {
            $0.name = token.name.description
            $0.person = PersonRef(board: token.name.board, person: token.name.person).name
            $0.label = token.label
            $0.createTime = Google_Protobuf_Timestamp(token.createdAt)
            if let end = token.expiresAt { $0.expireTime = Google_Protobuf_Timestamp(end) }
            if let end = token.revokedAt { $0.revokeTime = Google_Protobuf_Timestamp(end) }
        }
    }
}
