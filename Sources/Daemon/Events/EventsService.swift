import CordeeAPI
@_spi(Daemon) import ModuleKit
import RPC

/// `cordee.system.v1.Events`: the log, as far as its reader may see it.
struct EventsHandlers: EventsService {
    typealias Contexts = ModuleCalls

    let bell: EventBell
    let tokens: WatchTokens
    let limits: EventLimits
    let kinds: ResourceKinds

    func listEvents(
        _ request: CordeeSystem_ListEventsRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListEventsResponse {
        let sight = EventSight(of: call.caller, kinds)
        let page = try call.page(
            request, sections: sight.boards(of: call.standing), key: \.pageKey,
            shows: { try sight.shows($0, in: call.db) }
        ) { board, after, limit in
            try EventRow.ofBoard(board, after: max(after.order, 0), limit: limit, in: call.db)
        }
        return .with {
            $0.events = page.items.map { $0.message(withSequence: sight.isOperator) }
            $0.nextPageToken = page.nextToken
        }
    }

    func watch(
        _ request: CordeeSystem_EventsWatchRequest, _ responses: ResponseSender<CordeeSystem_EventsWatchResponse>,
        _ call: WaitCall
    ) async throws {
        var walk = try call.read { try EventWalk(from: start(of: request, in: $0), kinds, $0) }
        try await responses.send(.with { $0.resumeToken = tokens.token(walk.place) })
        while true {
            // Looked at before the database: an event that comes between is found by the next look.
            let latest = bell.latest
            let part = try call.read { try walk.next(limit: limits.watchRows, in: $0) }
            if !part.events.isEmpty || part.hidden >= limits.watchRows {
                try await responses.send(
                    .with {
                        $0.events = part.events.map { $0.message(withSequence: walk.isOperator) }
                        $0.resumeToken = tokens.token(walk.place)
                    })
            }
            if !part.isEnd { continue }
            try await pause(call, after: latest)
        }
    }

    /// Waits for more events, but not for long: then the watcher's right is looked at anew.
    private func pause(_ call: WaitCall, after latest: Int64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [limits] in try await call.pause(for: limits.watchInterval) }
            group.addTask { [bell] in try await bell.wait(after: latest) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Where a watcher begins.
    private func start(of request: CordeeSystem_EventsWatchRequest, in call: ReadCall) throws -> WatchPlace {
        guard let log = try LogIdentity.current(in: call.db) else { throw Status.notFound("log") }
        let oldest = try ChainCheckpoint.last(in: call.db)?.head.sequence ?? 0
        guard request.resumeToken.isEmpty else {
            let place = try tokens.place(in: request.resumeToken)
            guard place.log == log else { throw Status.watchTokenOfOtherLog }
            guard place.sequence >= oldest else { throw Status.watchTokenTooOld }
            return place
        }
        let sequence = request.fromBeginning ? oldest : try EventTable.head(in: call.db).sequence
        return WatchPlace(log: log, sequence: sequence)
    }
}

/// What bounds the reading of the log.
struct EventLimits: Sendable {
    /// Rows that one look of a watcher goes through.
    var watchRows: Int
    /// How often the right of a watcher without news is looked at.
    var watchInterval: Duration
}

/// A watcher's way through the log.
private struct EventWalk {
    private(set) var place: WatchPlace
    private let kinds: ResourceKinds
    let isOperator: Bool

    struct Part {
        var events: [EventRow]
        /// Rows that the watcher may not see.
        var hidden: Int
        var isEnd: Bool
    }

    init(from place: WatchPlace, _ kinds: ResourceKinds, _ call: ReadCall) {
        (self.place, self.kinds) = (place, kinds)
        isOperator = EventSight(of: call.caller, kinds).isOperator
    }

    /// The caller's right is looked at anew by each `read` of a stream, and so is what they may see.
    mutating func next(limit: Int, in call: ReadCall) throws -> Part {
        if let oldest = try ChainCheckpoint.last(in: call.db)?.head.sequence, oldest > place.sequence {
            throw Status.watchTokenTooOld
        }
        let rows = try EventRow.after(place.sequence, limit: limit, in: call.db)
        let sight = EventSight(of: call.caller, kinds)
        let boards = Set(sight.boards(of: call.standing))
        let seen = try rows.filter { try boards.contains($0.logged.event.board) && sight.shows($0, in: call.db) }
        if let last = rows.last { place.sequence = last.sequence }
        return Part(events: seen, hidden: rows.count - seen.count, isEnd: rows.count < limit)
    }
}

extension Status {
    static let watchTokenOfOtherLog = Status(
        .failedPrecondition, "WATCH_TOKEN_OF_OTHER_LOG",
        fr: "Ce jeton vient d'un autre journal : le service a été restauré d'une copie. Relisez l'état, puis"
            + " recommencez sans jeton.",
        en: "This token is of another log: the service was restored from a backup. Read the state anew, then begin"
            + " without a token.")

    static let watchTokenTooOld = Status(
        .outOfRange, "WATCH_TOKEN_TOO_OLD",
        fr: "Ces évènements ne sont plus conservés. Relisez l'état, puis recommencez sans jeton.",
        en: "These events are not kept any more. Read the state anew, then begin without a token.")
}
