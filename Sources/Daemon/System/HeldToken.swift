import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

/// A token as its owner and their lead may know of it: without secret or hash.
struct HeldToken: Sendable, Equatable {
    let name: TokenName
    let kind: TokenTable.Kind
    let label: String
    let createdAt: Timestamp
    let expiresAt: Timestamp?
    /// When it was revoked or used up.
    private(set) var endedAt: Timestamp?

    private init(_ row: borrowing Row, of board: String) throws {
        name = TokenName(board: board, person: try row.get(1), token: try row.get(0))
        (kind, label) = (try row.get(2), try row.get(3))
        (createdAt, expiresAt, endedAt) = (try row.get(4), try row.get(5), try row.get(6))
    }

    func isGood(at now: Timestamp) -> Bool { endedAt == nil && expiresAt.map { now < $0 } ?? true }

    /// A token by its name; the board of the name is the caller's to check.
    static func find(_ name: TokenName, in db: some Queryable) throws -> HeldToken? {
        try db.first(
            """
            SELECT id, person_id, kind, label, created_at, expires_at, coalesce(revoked_at, used_at)
              FROM system_tokens
             WHERE id = ?1 AND person_id = ?2
            """,
            name.token, name.person
        ) { row in try HeldToken(row, of: name.board) }
    }

    /// Up to `limit` good tokens of a person behind the token `after`, in the order in which they were made.
    static func list(
        of person: PersonRef, at now: Timestamp, after: String, limit: Int, in db: some Queryable
    ) throws -> [HeldToken] {
        try db.query(
            """
            SELECT id, person_id, kind, label, created_at, expires_at, coalesce(revoked_at, used_at)
              FROM system_tokens                                -- index: system_tokens_by_person
             WHERE person_id = ?1 AND id > ?2
               AND (expires_at IS NULL OR expires_at > ?3)
               AND used_at IS NULL AND revoked_at IS NULL
             ORDER BY id
             LIMIT ?4
            """,
            person.person, after, now, limit
        ) { row in try HeldToken(row, of: person.board) }
    }

    /// Counts the good tokens of a person.
    static func count(of person: String, at now: Timestamp, in db: some Queryable) throws -> Int {
        try db.first(
            """
            SELECT count(*)
              FROM system_tokens                                -- index: system_tokens_by_person
             WHERE person_id = ?1 AND (expires_at IS NULL OR expires_at > ?2)
               AND used_at IS NULL AND revoked_at IS NULL
            """,
            person, now
        ) { row in try row.get(0, Int.self) } ?? 0
    }

    mutating func revoke(at now: Timestamp, in db: Transaction) throws {
        try db.execute(
            "UPDATE system_tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", name.token, now)
        endedAt = now
    }
}

extension CordeeSystem_Token {
    init(_ token: HeldToken) {
        self = .with {
            ($0.name, $0.label) = (token.name.description, token.label)
            $0.kind =
                switch token.kind {
                case .access: .access
                case .bootstrap: .bootstrap
                }
            $0.createTime = Google_Protobuf_Timestamp(token.createdAt)
            if let end = token.expiresAt { $0.expireTime = Google_Protobuf_Timestamp(end) }
            if let end = token.endedAt { $0.endTime = Google_Protobuf_Timestamp(end) }
        }
    }
}
