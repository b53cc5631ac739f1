import ModuleKit
import Store

/// One row of the log of events, as it lies in the database.
struct EventRow: Sendable {
    var logged: LoggedEvent
    /// SHA-256 of the salt and the personal part; empty for an event without one.
    var partDigest: [UInt8]
    /// What binds the row to all rows before it: see `ChainKey`.
    var mac: [UInt8]

    var sequence: Int64 { logged.sequence }

    /// Up to `limit` rows after a place, in the order of the log.
    static func after(_ sequence: Int64, limit: Int, in db: some Queryable) throws -> [EventRow] {
        try db.query(
            """
            SELECT seq, at, type, actor, board, subject, person, audience, payload, part_digest, mac
              FROM system_events
             WHERE seq > ?1
             ORDER BY seq
             LIMIT ?2
            """,
            sequence, limit
        ) { try EventRow($0) }
    }

    /// The row at a place; nil if there is none (any more).
    static func at(_ sequence: Int64, in db: some Queryable) throws -> EventRow? {
        try after(sequence - 1, limit: 1, in: db).first { $0.sequence == sequence }
    }

    /// Up to `limit` rows of a board after a place.
    static func ofBoard(
        _ board: String, after sequence: Int64, limit: Int, in db: some Queryable
    ) throws -> [EventRow] {
        try db.query(
            """
            SELECT seq, at, type, actor, board, subject, person, audience, payload, part_digest, mac
              FROM system_events                                -- index: system_events_by_board
             WHERE board = ?1
               AND seq > ?2
             ORDER BY seq
             LIMIT ?3
            """,
            board, sequence, limit
        ) { try EventRow($0) }
    }

    /// - Parameter row: the columns in the order of the queries above.
    private init(_ row: borrowing Row) throws {
        var event = Event(try row.get(2), board: try row.get(4), subject: try row.get(5), person: try row.get(6))
        // A row of before the chain has none of these; it is sealed at the next start.
        event.audience = try row.get(7, Event.Audience?.self) ?? .concerned
        event.payload = try row.get(8)
        logged = LoggedEvent(sequence: try row.get(0), at: try row.get(1), actor: try row.get(3), event: event)
        partDigest = try row.get(9, [UInt8]?.self) ?? []
        mac = try row.get(10, [UInt8]?.self) ?? []
    }

    init(_ logged: LoggedEvent, partDigest: [UInt8]) {
        (self.logged, self.partDigest) = (logged, partDigest)
        mac = []
    }
}
