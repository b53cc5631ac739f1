public import Calendar
public import Store

/// Something to be done once at an instant, kept as a row: see `WritingCall.schedule`.
public struct Job: Sendable, Hashable {
    /// What is to be done: the module's name and a `JobKind`'s, "workshops.offer_expiry".
    public var kind: String
    /// What it is about, usually a resource's name: one job of a kind and key is waiting at most.
    public var key: String
    /// What else its kind needs to know: generated ids and numbers only.
    public var payload: [UInt8]

    public init(_ kind: String, key: String, payload: [UInt8] = []) {
        (self.kind, self.key, self.payload) = (kind, key, payload)
    }
}

/// How jobs of one kind are done: in one write, which also takes the job away, so that its effect is there once.
public struct JobKind: Sendable {
    /// Begins with the module's name: "workshops.offer_expiry".
    public let name: String
    /// - Throws: what keeps it from taking effect: it is tried again later, and set aside after a number of tries.
    public let run: @Sendable (Job, _ due: Timestamp, EffectCall) throws -> Void

    public init(_ name: String, _ run: @escaping @Sendable (Job, _ due: Timestamp, EffectCall) throws -> Void) {
        (self.name, self.run) = (name, run)
    }
}

/// Where jobs wait; the daemon fulfils it.
public protocol JobBook: Sendable {
    func schedule(_ job: Job, at due: Timestamp, in db: Transaction) throws
    func unschedule(_ kind: String, key: String, in db: Transaction) throws
}
