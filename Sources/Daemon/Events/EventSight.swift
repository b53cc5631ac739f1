public import CordeeAPI
import FoundationEssentials
public import ModuleKit
import Store
import SwiftProtobuf

/// Which events one caller may see.
struct EventSight: Sendable {
    private let caller: Caller
    private let kinds: ResourceKinds

    init(of caller: Caller, _ kinds: ResourceKinds) { (self.caller, self.kinds) = (caller, kinds) }

    var isOperator: Bool { caller.kind == .operator }

    /// The boards whose events may be looked at; the operator's are those of the daemon itself, which has none.
    func boards(of standing: Standing) -> [String] { isOperator ? [""] : standing.boards }

    /// Whether the caller may see an event of one of these boards.
    func shows(_ row: EventRow, in db: some Queryable) throws -> Bool {
        let event = row.logged.event
        if isOperator { return event.board.isEmpty }
        if let person = caller.person, person == event.person || person == row.logged.actor { return true }
        if caller.holds(.boardLead, over: event.board) || caller.holds(.privacyOfficer, over: event.board) {
            return true
        }
        switch event.audience {
        case .concerned: return false
        case .board: return true
        case .subject: return try kinds.isVisible(event.subject, to: caller, in: db)
        }
    }
}

extension EventRow {
    /// The row's place in a list.
    var pageKey: PageKey<Int64> { PageKey(sequence, "") }

    func message(withSequence: Bool) -> CordeeSystem_LoggedEvent {
        let event = logged.event
        return .with {
            $0.time = Google_Protobuf_Timestamp(logged.at)
            $0.type = event.type
            $0.board = event.board.isEmpty ? "" : BoardName(board: event.board).description
            $0.subject = event.subject
            $0.person = event.person.map { "boards/-/people/\($0)" } ?? ""
            $0.actor = logged.actor.map { PrincipalName.of($0, board: "-") } ?? ""
            $0.payload = Data(event.payload)
            if withSequence { $0.sequence = sequence }
        }
    }
}

extension CordeeSystem_ListEventsRequest: PagedRequest {}
