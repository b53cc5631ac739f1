import ModuleKit
import Store

/// The file of the chain's key: 32 random bytes that only the daemon's user may read, outside the database.
///
/// Rows of before the chain are sealed only while the key is new: its file is a draft until they are. Otherwise whoever
/// may write to the database could take the codes away and have the daemon seal what they altered.
struct AuditKeyFile: Sendable {
    let file: SecretFile

    /// Opens the key, and makes one for a log that has none.
    ///
    /// - Throws: `StartError.auditKey` when the log was chained with a key that is not there.
    func open(_ store: Store) throws(StartError) -> ChainKey {
        if let bytes = try file.read() { return ChainKey(bytes) }
        let isNew = try perform(store) { try Self.hasNoCodes(in: $0) }
        guard isNew else { throw .auditKey(path: file.path) }
        let key = ChainKey(try file.draft())
        var last: Int64? = 0
        while let from = last { last = try perform(store) { try Self.seal(after: from, with: key, in: $0) } }
        try file.adopt()
        return key
    }

    /// Whether no row has a code yet, or, after a start that was cut short, the last has none.
    private static func hasNoCodes(in db: Transaction) throws -> Bool {
        guard try ChainCheckpoint.last(in: db) == nil else { return false }
        return try db.value("SELECT mac IS NULL FROM system_events ORDER BY seq DESC LIMIT 1", as: Bool.self) ?? true
    }

    /// Gives up to 1 000 rows their codes.
    ///
    /// - Returns: the last of them; nil when there are no more.
    private static func seal(after sequence: Int64, with key: ChainKey, in db: Transaction) throws -> Int64? {
        var head = ChainHead.genesis
        if sequence > 0 {
            let mac = try db.value("SELECT mac FROM system_events WHERE seq = ?1", sequence, as: [UInt8].self)
            head = ChainHead(sequence: sequence, mac: mac ?? [])
        }
        let rows = try EventRow.after(sequence, limit: 1_000, in: db)
        for row in rows {
            head = ChainHead(sequence: row.sequence, mac: key.mac(of: row, after: head.mac))
            try db.execute(
                "UPDATE system_events SET mac = ?2, audience = ?3, part_digest = ?4 WHERE seq = ?1",
                row.sequence, head.mac, row.logged.event.audience, row.partDigest)
        }
        return rows.last?.sequence
    }

    private func perform<Value: Sendable>(
        _ store: Store, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) throws(StartError) -> Value {
        do { return try store.writeBlocking("system/audit key", body) } catch {
            throw .module(name: SystemModule.moduleName, reason: "\(error)")
        }
    }
}
