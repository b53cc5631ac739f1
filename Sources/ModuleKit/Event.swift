public import Calendar
public import Store

/// A fact that a write states: `module.entity.verb.v1`, about one resource, without personal text.
public struct Event: Sendable {
    /// "workshops.registration.confirmed.v1".
    public var type: String
    /// The board it happened in.
    public var board: String
    /// The name of the resource it is about.
    public var subject: String
    /// What else there is to know: generated ids and numbers only.
    public var payload: [UInt8]

    public init(_ type: String, board: String, subject: String) {
        self.type = type
        self.board = board
        self.subject = subject
        self.payload = []
    }
}

/// Where events go; the daemon fulfils it.
public protocol EventLog: Sendable {
    func append(_ event: Event, by caller: Caller, at now: Timestamp, in db: Transaction) throws
}
