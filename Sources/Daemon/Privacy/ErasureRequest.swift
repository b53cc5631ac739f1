import CordeeAPI
import ModuleKit
import RPC
import SwiftProtobuf

/// That a person asked for their data to be erased: REQUESTED, then APPROVED (and DONE once nothing is left in any
/// file), REFUSED, or WITHDRAWN. What was decided stays decided.
struct ErasureRequest: Sendable, Resource {
    enum State: String, Sendable, ColumnValue {
        case requested = "REQUESTED"
        case approved = "APPROVED"
        case refused = "REFUSED"
        case done = "DONE"
        case withdrawn = "WITHDRAWN"
    }

    let name: ErasureRequestName
    /// The id of who asked, a person of the name's board.
    let person: String
    /// Theirs; emptied by the erasure.
    var reason: String
    var state = State.requested
    let requestedAt: Timestamp
    var decidedAt: Timestamp?
    /// The privacy officer; nil for what the person took back.
    var decidedBy: String?
    /// The officer's; emptied by the erasure.
    var decisionReason = ""
    var doneAt: Timestamp?
    /// What went and what stayed, as it was approved: counts alone.
    var plan: [CordeeSystem_ErasurePart] = []
    var revision: Int64 = 1

    var belonging: Belonging { Belonging(board: name.board, person: person) }
    var etag: Etag { Etag(revision: revision) }
}

// MARK: - Moves

extension ErasureRequest {
    enum Refusal: Error, Equatable {
        /// Another request of the person waits.
        case waiting
        /// Nobody decides about themselves.
        case own
        /// It was decided, or taken back.
        case decided
    }

    mutating func refuse(by officer: String?, reason: String, at now: Timestamp) throws(Refusal) {
        try decide(.refused, by: officer, at: now)
        decisionReason = reason
    }

    mutating func withdraw(at now: Timestamp) throws(Refusal) {
        guard state == .requested else { throw .decided }
        (state, decidedAt) = (.withdrawn, now)
    }

    /// - Throws: for one's own request, and for one that is not to be decided any more.
    mutating func decide(_ state: State, by officer: String?, at now: Timestamp) throws(Refusal) {
        guard officer != person else { throw .own }
        guard self.state == .requested else { throw .decided }
        (self.state, decidedBy, decidedAt) = (state, officer, now)
    }
}

extension ErasureRequest.Refusal: StatusConvertible {
    var status: Status {
        switch self {
        case .waiting:
            Status(
                .failedPrecondition, "ERASURE_REQUESTED",
                fr: "Une demande d'effacement attend déjà une décision.",
                en: "A request of yours waits for a decision already.")
        case .own:
            Status(
                .failedPrecondition, "OWN_ERASURE",
                fr: "Personne ne décide de sa propre demande.", en: "Nobody decides about their own request.")
        case .decided:
            Status(
                .failedPrecondition, "ERASURE_DECIDED",
                fr: "Cette demande est déjà réglée.", en: "This request is settled already.")
        }
    }
}

extension CordeeSystem_ErasureRequest {
    init(_ request: ErasureRequest) {
        self = .with {
            $0.name = request.name.description
            $0.person = PersonRef(board: request.name.board, person: request.person).name
            $0.reason = request.reason
            $0.state = State(request.state)
            $0.requestTime = Google_Protobuf_Timestamp(request.requestedAt)
            if let time = request.decidedAt { $0.decideTime = Google_Protobuf_Timestamp(time) }
            $0.decisionReason = request.decisionReason
            if let time = request.doneAt { $0.doneTime = Google_Protobuf_Timestamp(time) }
            $0.etag = request.etag.description
        }
    }
}

extension CordeeSystem_ErasureRequest.State {
    fileprivate init(_ state: ErasureRequest.State) {
        self =
            switch state {
            case .requested: .requested
            case .approved: .approved
            case .refused: .refused
            case .done: .done
            case .withdrawn: .withdrawn
            }
    }
}
