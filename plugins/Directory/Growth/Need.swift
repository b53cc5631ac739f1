import DirectoryAPI
import ModuleKit

/// Something that a person wants to learn (besoin). Nobody else sees it.
struct Need: Resource, Equatable {
    enum State: String, ColumnValue {
        case open = "OPEN"
        case met = "MET"
        case dropped = "DROPPED"
    }

    enum Refusal: Error, Equatable {
        case alreadyOpen(NeedName)
        case closed
    }

    let name: NeedName
    /// The id of the person.
    let person: String
    /// The identifier of the competency.
    let competency: String
    let targetLevel: Int
    let why: String
    let by: CivilDate?
    let createdAt: Timestamp
    var state = State.open
    var closedAt: Timestamp?

    /// A need changes by its end alone.
    var etag: Etag { Etag(revision: state == .open ? 1 : 2) }

    var belonging: Belonging { Belonging(board: name.board, person: person) }

    mutating func close(_ outcome: State, at now: Timestamp) throws(Refusal) {
        guard state == .open else { throw .closed }
        (state, closedAt) = (outcome, now)
    }
}
