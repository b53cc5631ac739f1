import ModuleKit
import WorkshopsAPI

/// A workshop (atelier): sessions, places, and who leads it.
struct Workshop: Sendable {
    /// What is stored of its life; that it runs or is over is told by the clock.
    enum State: String, ColumnValue { case draft = "DRAFT", published = "PUBLISHED", cancelled = "CANCELLED" }
    enum Mode: String, ColumnValue { case inPerson = "IN_PERSON", online = "ONLINE", hybrid = "HYBRID" }

    let name: WorkshopName
    var title: TextByLanguage
    var summary: TextByLanguage
    var mode: Mode
    var state = State.draft
    var sessions: [Session]
    var facilitators: [String]
    /// What one learns in it.
    var competencies: [TaughtCompetency] = []
    var seats: Seats
    var waitingMax: Int
    var waiting = 0
    /// The turn of whoever joined last: who joins next gets one more.
    var lastTurn: Int64 = 0
    var revision: Int64 = 1
    let createdAt: Timestamp

    /// How many may wait if the workshop does not say.
    static let standardWaitingMax = 100

    /// When the first session begins; a workshop without sessions comes last in each list.
    var start: Timestamp { sessions.first?.interval.start ?? .max }
    var end: Timestamp { sessions.map(\.interval.end).max() ?? .max }
    var etag: Etag { Etag(revision: revision) }

    func hasBegun(at now: Timestamp) -> Bool { start <= now }

    /// Who leads the workshop sees and may do more than the rest of its board.
    func isLed(by caller: Caller) -> Bool {
        caller.holds(.boardLead, over: name.board) || caller.person.map(facilitators.contains) ?? false
    }
}

/// A competency that one learns in a workshop.
struct TaughtCompetency: Sendable, Equatable {
    /// The name that it was given by.
    var name: String
    /// The same in all versions of its framework.
    var identifier: String
}

// MARK: - Moves

extension Workshop {
    enum Refusal: Error, Equatable {
        case notDraft
        case noSession
        case registrationClosed
        case waitlistFull
        case over
    }

    mutating func publish() throws(Refusal) {
        guard state == .draft else { throw .notDraft }
        guard !sessions.isEmpty else { throw .noSession }
        state = .published
    }

    /// Gives a place to somebody who joins now, or the last turn of the waiting list.
    mutating func join(isRemote: Bool, at now: Timestamp) throws(Refusal) -> (state: Registration.State, turn: Int64) {
        guard state == .published, !hasBegun(at: now) else { throw .registrationClosed }
        let isSeated = seats.areOpen(toRemote: isRemote)
        guard isSeated || waiting < waitingMax else { throw .waitlistFull }
        lastTurn += 1
        if isSeated { seats.take(isRemote: isRemote) } else { waiting += 1 }
        return (isSeated ? .confirmed : .waitlisted, lastTurn)
    }

    /// Takes a place or a turn back. Whoever may move up is then seated by `fillSeats`.
    mutating func release(_ registration: Registration) {
        if registration.state == .confirmed {
            seats.giveBack(isRemote: registration.isRemote)
        } else {
            waiting -= 1
        }
    }

    mutating func setCapacity(_ capacity: Int, at now: Timestamp) throws(Refusal) {
        guard state != .cancelled, now < end else { throw .over }
        seats.capacity = capacity
    }

    mutating func releaseReserve(at now: Timestamp) throws(Refusal) {
        guard state != .cancelled, now < end else { throw .over }
        seats.reserve = 0
    }

    /// Seats whoever has waited longest and may sit, as long as the first session has not begun: later nobody could
    /// be told in time.
    mutating func fillSeats(
        at now: Timestamp, from next: (_ remoteOnly: Bool) throws -> Registration?
    ) rethrows -> [Registration] {
        guard state == .published, !hasBegun(at: now) else { return [] }
        let promoted = try seats.fill(isRemote: \.isRemote, from: next)
        waiting -= promoted.count
        return promoted
    }
}
