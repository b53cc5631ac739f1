import ModuleKit
import Store

/// Where the log begins since older rows were given up: the last of those, signed with the chain's key, so that nobody
/// else can shorten the log at its beginning.
struct ChainCheckpoint: Sendable {
    var head: ChainHead
    var at: Timestamp
    var signature: [UInt8]

    static func last(in db: some Queryable) throws -> ChainCheckpoint? {
        try db.first(
            "SELECT seq, mac, at, signature FROM system_event_checkpoints ORDER BY seq DESC LIMIT 1"
        ) { row in
            ChainCheckpoint(
                head: ChainHead(sequence: try row.get(0), mac: try row.get(1)), at: try row.get(2),
                signature: try row.get(3))
        }
    }

    func isGenuine(by key: ChainKey) -> Bool { key.signature(of: head, at: at) == signature }

    /// Gives up the rows up to `head`, and with them their personal parts.
    static func move(to head: ChainHead, at now: Timestamp, signedBy key: ChainKey, in db: Transaction) throws {
        try db.execute("DELETE FROM system_event_parts WHERE seq <= ?1", head.sequence)
        try db.execute("DELETE FROM system_events WHERE seq <= ?1", head.sequence)
        try db.execute("DELETE FROM system_event_checkpoints WHERE seq < ?1", head.sequence)
        try db.execute(
            "INSERT INTO system_event_checkpoints (seq, mac, at, signature) VALUES (?1, ?2, ?3, ?4)",
            head.sequence, head.mac, now, key.signature(of: head, at: now))
    }
}
