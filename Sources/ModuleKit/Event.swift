public import Calendar
public import Store

/// A fact that a write states: `module.entity.verb.v1`, about one resource, without personal text.
public struct Event: Sendable {
    /// Who may see an event, beside the board's leads and privacy officers, its actor and the person it is about.
    public enum Audience: String, Sendable, ColumnValue {
        /// Nobody else.
        case concerned = "CONCERNED"
        /// All staff of the board.
        case board = "BOARD"
        /// Whoever may see its subject, as its kind of resource says.
        case subject = "SUBJECT"
    }

    /// "workshops.registration.confirmed.v1".
    public var type: String
    /// The board it happened in.
    public var board: String
    /// The name of the resource it is about.
    public var subject: String
    /// The id of the person it is about, if it is about one.
    public var person: String?
    public var audience: Audience
    /// What else there is to know: generated ids and numbers only.
    public var payload: [UInt8]
    /// What says more of the person than generated ids do: kept beside the log, where an erasure deletes it; the log
    /// itself holds a salted digest of it.
    public var personalPart: [UInt8]

    /// An event about a thing, for all who may see that thing.
    public init(_ type: String, about thing: some Resource) {
        let belonging = thing.belonging
        self.init(
            type, board: belonging.board, subject: thing.name.description, person: belonging.person,
            audience: .subject)
    }

    public init(
        _ type: String, board: String, subject: String, person: String? = nil, audience: Audience = .concerned
    ) {
        (self.type, self.board, self.subject, self.person) = (type, board, subject, person)
        self.audience = audience
        payload = []
        personalPart = []
    }
}

/// An event as the log holds it.
public struct LoggedEvent: Sendable {
    /// The place in the log, counted from 1 without gap.
    public var sequence: Int64
    public var at: Timestamp
    /// The id of the person who did it; nil for the daemon, its operator or a module.
    public var actor: String?
    public var event: Event

    public init(sequence: Int64, at: Timestamp, actor: String?, event: Event) {
        (self.sequence, self.at, self.actor, self.event) = (sequence, at, actor, event)
    }
}

/// Where events go; the daemon fulfils it.
public protocol EventLog: Sendable {
    /// - Parameter actor: the id of the person who does it, if a person does.
    func append(_ event: Event, by actor: String?, at now: Timestamp, in db: Transaction) throws
}
