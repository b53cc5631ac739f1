public import Calendar
public import Store

/// The inside of one write, whoever asked for it: a caller (`WriteCall`), an event or the clock (`EffectCall`).
///
/// What its body throws undoes what it wrote. It may run twice (see `Transaction`), so it changes nothing but
/// through `db`.
public protocol WritingCall {
    /// The open write.
    var db: Transaction { get }
    /// The instant of the write, read once.
    var now: Timestamp { get }
    /// The id of the person who does it, if a person does.
    var actor: String? { get }
    var effects: WriteEffects { get }
}

extension WritingCall {
    /// A new id: time-ordered, so that rows of one table are appended, not scattered.
    public func newID() -> String { effects.ids.next(at: now) }

    /// Appends an event to the log, in this write.
    public func emit(_ event: Event) throws { try effects.log.append(event, by: actor, at: now, in: db) }

    /// Says that this write changes who may do what: no older look-up is used any more once it is acknowledged.
    public func accessChanged() {
        let generation = effects.generation
        db.onCommit { generation.raise() }
    }

    /// Has a job done once at `due`, or as soon after as the daemon runs, if this write is kept. A job of the same kind
    /// and key that is still to be done moves there.
    public func schedule(_ job: Job, at due: Timestamp) throws { try effects.jobs.schedule(job, at: due, in: db) }

    /// Has a job done at the first instant after now that lies whole periods after `due`: for one that repeats itself.
    ///
    /// What was missed is so left out; and a clock that was set back has nothing done twice.
    public func schedule(_ job: Job, after due: Timestamp, every period: Duration) throws {
        precondition(period > .zero, "a job that repeats itself at once would never rest")
        guard due + period <= now else { return try schedule(job, at: due + period) }
        let missed = Int64((now - due) / period)
        var next = due + period * missed
        // `missed` went through a floating-point number: the last step is made in whole ones.
        while next <= now { next += period }
        try schedule(job, at: next)
    }

    /// The mark by which a text is known again once it is erased: see `Pseudonyms`.
    ///
    /// - Parameter purpose: what it is kept for, beginning with the module's name: marks of two purposes differ.
    public func mark(_ text: String, for purpose: String) -> [UInt8] { effects.pseudonyms.mark(text, for: purpose) }

    /// As `mark`, for many texts that are marked beside the writer.
    public var pseudonyms: Pseudonyms { effects.pseudonyms }

    /// Takes a job back; nothing happens if there is none.
    public func unschedule(_ kind: String, key: String) throws {
        try effects.jobs.unschedule(kind, key: key, in: db)
    }
}

/// What a write may do beside changing rows; the same for all writes of a daemon.
public struct WriteEffects: Sendable {
    let ids: IDGenerator
    let log: any EventLog
    let generation: AccessGeneration
    let jobs: any JobBook
    let pseudonyms: Pseudonyms

    public init(
        ids: IDGenerator, log: any EventLog, generation: AccessGeneration, jobs: any JobBook, pseudonyms: Pseudonyms
    ) {
        (self.ids, self.log, self.generation, self.jobs) = (ids, log, generation, jobs)
        self.pseudonyms = pseudonyms
    }
}

/// A write that no caller asked for: a reaction to an event, a job whose time has come.
public struct EffectCall: WritingCall {
    public let db: Transaction
    public let now: Timestamp
    public let effects: WriteEffects
    public var actor: String? { nil }

    public init(db: Transaction, now: Timestamp, effects: WriteEffects) {
        (self.db, self.now, self.effects) = (db, now, effects)
    }
}
