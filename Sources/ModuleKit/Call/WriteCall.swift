public import Store

/// A call that writes: its handler is the body of one write, in a savepoint of its own.
///
/// What the handler throws undoes what it wrote. The caller is answered after the group's commit reached the disk.
public struct WriteCall: ModuleCall, WritingCall {
    public let facts: CallFacts
    public let db: Transaction
    public let effects: WriteEffects
    public var actor: String? { caller.principal }

    public init(_ facts: CallFacts, db: Transaction, effects: WriteEffects) {
        self.facts = facts
        self.db = db
        self.effects = effects
    }
}
