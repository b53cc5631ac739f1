import CordeeAPI
import ModuleKit
import RPC
import SwiftProtobuf

/// `cordee.system.v1.Reactions`: how reactions stand, and what an operator does with one that fails.
struct ReactionsHandlers: ReactionsService {
    typealias Contexts = ModuleCalls

    private let active: Set<String>
    private let alarm: Alarm

    /// - Parameter modules: those that are turned on.
    init(modules: [any DomainModule], alarm: Alarm) {
        active = Set(modules.flatMap { module in module.reactions.map { "\(module.name).\($0.name)" } })
        self.alarm = alarm
    }

    func listReactions(
        _ request: CordeeSystem_ListReactionsRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListReactionsResponse {
        let head = try EventTable.head(in: call.db).sequence
        let rows = try ReactionTable.all(in: call.db)
        return .with { $0.reactions = rows.map { message($0, head: head) } }
    }

    func retryReaction(
        _ request: CordeeSystem_RetryReactionRequest, _ call: WriteCall
    ) throws -> CordeeSystem_Reaction {
        _ = try failed(request.name, call)
        try ReactionTable.retry(request.name, in: call.db)
        return try changed(request.name, "retried", call)
    }

    func skipReaction(
        _ request: CordeeSystem_SkipReactionRequest, _ call: WriteCall
    ) throws -> CordeeSystem_Reaction {
        guard try failed(request.name, call).failingSequence == request.sequence else { throw Status.notFailed }
        try ReactionTable.skip(request.name, request.sequence, in: call.db)
        return try changed(request.name, "skipped", call, payload: request)
    }

    /// A reaction that has failed.
    private func failed(_ name: String, _ call: WriteCall) throws -> ReactionTable.Entry {
        guard let row = try ReactionTable.find(name, in: call.db) else { throw Status.notFound(name) }
        guard row.failingSequence != nil else { throw Status.notFailed }
        return row
    }

    /// Writes down what the operator did, and has the reaction run.
    private func changed(
        _ name: String, _ verb: String, _ call: WriteCall, payload: (any SwiftProtobuf.Message)? = nil
    ) throws -> CordeeSystem_Reaction {
        var event = Event("system.reaction.\(verb).v1", board: "", subject: name)
        if let payload { event.payload = try payload.serializedBytes() }
        try call.emit(event)
        call.db.onCommit { [alarm] in alarm.ring() }
        guard let row = try ReactionTable.find(name, in: call.db) else { throw Status.notFound(name) }
        return message(row, head: try EventTable.head(in: call.db).sequence)
    }

    private func message(_ row: ReactionTable.Entry, head: Int64) -> CordeeSystem_Reaction {
        .with {
            $0.name = row.name
            $0.state = .init(
                isActive: active.contains(row.name), isSetAside: row.state == .stopped, hasFailed: row.tries > 0)
            ($0.cursor, $0.lag) = (row.cursor, max(head - row.cursor, 0))
            ($0.failingSequence, $0.tries) = (row.failingSequence ?? 0, Int32(clamping: row.tries))
            $0.failure = row.failure ?? ""
            if row.tries > 0, row.state == .running { $0.tryTime = Google_Protobuf_Timestamp(row.tryAt) }
        }
    }
}

extension CordeeSystem_EffectState {
    init(isActive: Bool, isSetAside: Bool, hasFailed: Bool) {
        self = isSetAside ? .setAside : !isActive ? .paused : hasFailed ? .failing : .ready
    }
}

extension Status {
    /// There is no failure, or not this one any more.
    static let notFailed = Status(
        .failedPrecondition, "NOT_FAILED",
        fr: "Il n'y a pas, ou plus, d'échec de ce genre : relisez l'état.",
        en: "It has not failed, or not so any more: look at its state again.")
}
