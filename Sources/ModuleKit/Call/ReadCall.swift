public import Store

/// A call that only reads: it runs at once on the connection's loop, in the read transaction of its batch.
public struct ReadCall: ModuleCall {
    public let facts: CallFacts
    /// The database as of this batch.
    public let db: Reader

    public init(_ facts: CallFacts, db: Reader) {
        self.facts = facts
        self.db = db
    }
}
