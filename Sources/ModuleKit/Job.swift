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
    /// Of a kind that the daemon schedules by itself: one job of it, with an empty key, is always waiting.
    public let period: Duration?

    public init(_ name: String, _ run: @escaping @Sendable (Job, _ due: Timestamp, EffectCall) throws -> Void) {
        (self.name, self.run, period) = (name, run, nil)
    }

    /// A job that is done again and again, first when the daemon starts with it for the first time. What a stop made it
    /// miss is done once, not as often as it was missed.
    public init(
        _ name: String, every period: Duration,
        _ run: @escaping @Sendable (Job, _ due: Timestamp, EffectCall) throws -> Void
    ) {
        precondition(period > .zero, "\(name) would never rest")
        (self.name, self.run, self.period) = (name, run, period)
    }
}

/// Where jobs wait; the daemon fulfils it.
public protocol JobBook: Sendable {
    func schedule(_ job: Job, at due: Timestamp, in db: Transaction) throws
    func unschedule(_ kind: String, key: String, in db: Transaction) throws
}
