import ModuleKit
import Store

/// Gives up the oldest events, a few at a time; a signed checkpoint takes their place, so that the rest still verifies.
struct LogRetention: Sendable {
    /// How long events are kept; nil: for ever.
    let keep: Duration?
    let key: ChainKey

    /// Gives up what is too old, but nothing at or after `needed`, which a reaction has still to take.
    ///
    /// - Parameter rowsMax: most rows that go in this write.
    /// - Returns: whether there may be more.
    func step(at now: Timestamp, before needed: Int64, rowsMax: Int, in db: Transaction) throws -> Bool {
        guard let keep else { return false }
        let first = try ChainCheckpoint.last(in: db)?.head.sequence ?? 0
        let limit = now - keep
        let old = try EventRow.after(first, limit: rowsMax, in: db)
            .prefix { $0.logged.at < limit && $0.sequence < needed }
        guard let last = old.last else { return false }
        try ChainCheckpoint.move(
            to: ChainHead(sequence: last.sequence, mac: last.mac), at: now, signedBy: key, in: db)
        return old.count == rowsMax
    }
}
