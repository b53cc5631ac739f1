import DirectoryAPI
import ModuleKit

/// A role that a person holds over a board, or over an org of it, for some time.
struct Grant: Equatable, Sendable {
    /// The roles that are given by grants. `STAFF` comes with working for the board; `OPERATOR`, `SERVICE` and
    /// `ANYONE` are no people.
    enum Role: String, ColumnValue, CaseIterable {
        case facilitator = "FACILITATOR"
        case technopedagogue = "TECHNOPEDAGOGUE"
        case principal = "PRINCIPAL"
        case boardLead = "BOARD_LEAD"
        case evaluator = "EVALUATOR"
        case mentor = "MENTOR"
        case mentee = "MENTEE"
        case communityLead = "COMMUNITY_LEAD"
        case privacyOfficer = "PRIVACY_OFFICER"

        /// Whether it makes sense over a whole board alone.
        var isOfBoard: Bool { self == .boardLead || self == .privacyOfficer }
    }

    let name: GrantName
    /// Who holds it. A founding lead holds grants over boards that are not the person's own.
    let person: PersonName
    let role: Role
    /// The id of the one org that it is held over; nil for the whole board.
    let org: String?
    let start: Timestamp
    /// Nil for no end. The time is half-open: at the end itself it is over.
    var end: Timestamp?
    let reason: String
    let grantedAt: Timestamp

    enum Refusal: Error, Equatable {
        case own
        case lastBoardLead
        case boardHasLead(sourceID: String)
    }

    /// A grant changes by its end alone, so that tells its versions apart.
    var etag: Etag { Etag(revision: end?.microseconds ?? 0) }

    func holds(at now: Timestamp) -> Bool { start <= now && !isOver(at: now) }
    func isOver(at now: Timestamp) -> Bool { end.map { $0 <= now } ?? false }

    /// Ends it now; one that has not begun never will.
    mutating func revoke(at now: Timestamp) { end = max(now, start) }
}
