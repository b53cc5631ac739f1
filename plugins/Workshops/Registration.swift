import ModuleKit
import WorkshopsAPI

/// One person's place, or turn, in one workshop (inscription).
struct Registration: Sendable {
    /// Final states never reopen: who comes back is a new registration at the tail. `attended` and `noShow` are one
    /// outcome that follows the recorded minutes, so a corrected record may turn one into the other.
    enum State: String, ColumnValue {
        case confirmed = "CONFIRMED"
        case waitlisted = "WAITLISTED"
        case withdrawn = "WITHDRAWN"
        case cancelledByOrganiser = "CANCELLED_BY_ORGANISER"
        case attended = "ATTENDED"
        case noShow = "NO_SHOW"

        var isFinal: Bool {
            switch self {
            case .confirmed, .waitlisted: false
            case .withdrawn, .cancelledByOrganiser, .attended, .noShow: true
            }
        }
    }

    enum Refusal: Error, Equatable {
        case alreadyRegistered
        case final
        case begun
        case notSeated
    }

    let name: RegistrationName
    let person: String
    var state: State
    let isRemote: Bool
    /// The order of joining in the workshop.
    let turn: Int64
    /// Minutes recorded so far, over all sessions.
    var minutes = 0
    var revision: Int64 = 1
    let createdAt: Timestamp

    var etag: Etag { Etag(revision: revision) }

    /// Gives the place or the turn back.
    ///
    /// - Parameter byLeader: who leads the workshop may do so after its beginning too.
    mutating func withdraw(from workshop: Workshop, byLeader: Bool, at now: Timestamp) throws(Refusal) {
        guard !state.isFinal else { throw .final }
        guard byLeader || !workshop.hasBegun(at: now) else { throw .begun }
        state = .withdrawn
    }

    /// Takes a place that came free.
    mutating func moveUp() { state = .confirmed }

    /// Settles who was there, once minutes are recorded for each session.
    ///
    /// At three quarters of all minutes on it counts: 68 of 90 does, 67 does not.
    mutating func settle(recordedSessions: Int, of workshop: Workshop) {
        guard recordedSessions == workshop.sessions.count else { return }
        let planned = workshop.sessions.map(\.seconds).reduce(0, +)
        state = minutes * 60 * 4 >= planned * 3 ? .attended : .noShow
    }

    /// Whether minutes can be recorded: held a place, and was not settled otherwise.
    func checkSeated() throws(Refusal) {
        switch state {
        case .confirmed, .attended, .noShow: return
        case .waitlisted, .withdrawn, .cancelledByOrganiser: throw .notSeated
        }
    }
}
