public import Store

/// A call that writes: its handler is the body of one write, in a savepoint of its own.
///
/// What the handler throws undoes what it wrote. The caller is answered after the group's commit reached the disk.
/// The body may run twice (see `Transaction`), so it changes nothing but through `db`.
public struct WriteCall: ModuleCall {
    public let facts: CallFacts
    /// The open write.
    public let db: Transaction
    private let effects: WriteEffects

    public init(_ facts: CallFacts, db: Transaction, effects: WriteEffects) {
        self.facts = facts
        self.db = db
        self.effects = effects
    }

    /// A new id: time-ordered, so that rows of one table are appended, not scattered.
    public func newID() -> String { effects.ids.next(at: now) }

    /// Appends an event to the log, in this write.
    public func emit(_ event: Event) throws { try effects.log.append(event, by: caller, at: now, in: db) }

    /// Says that this write changes who may do what: no older look-up is used any more once it is acknowledged.
    public func accessChanged() {
        let generation = effects.generation
        db.onCommit { generation.raise() }
    }
}

/// What a write may do beside changing rows; the same for all writes of a daemon.
public struct WriteEffects: Sendable {
    let ids: IDGenerator
    let log: any EventLog
    let generation: AccessGeneration

    public init(ids: IDGenerator, log: any EventLog, generation: AccessGeneration) {
        self.ids = ids
        self.log = log
        self.generation = generation
    }
}
