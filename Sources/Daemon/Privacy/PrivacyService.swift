public import CordeeAPI
@_spi(Daemon) public import ModuleKit
import RPC
import Store
import SwiftProtobuf

extension CordeeSystem_ListAccessesRequest: PagedRequest {}

/// `cordee.system.v1.Privacy`: what the daemon holds of one person.
struct PrivacyHandlers: PrivacyService {
    typealias Contexts = ModuleCalls

    /// Records that are sent, and put on record as seen, together.
    private static let recordsPerTurn = 100
    /// How long a sweep waits before it tries again to cut the WAL.
    private static let sweepPause = Duration.milliseconds(50)

    /// Nil in a daemon without a directory: then there is nobody.
    let people: (any PeopleDirectory)?
    let eraser: Eraser
    /// How long a call waits for the sweep.
    let sweepTimeout: Duration
    let exports: ExportLimits
    let boards: [ModuleBoardData]
    let finder: PersonFinder

    func exportPerson(
        _ request: CordeeSystem_ExportPersonRequest, _ responses: ResponseSender<CordeeSystem_ExportedRecord>,
        _ call: WaitCall
    ) async throws {
        let keepers = eraser.keepers
        let person = try call.read { try subject(request.person, $0) }
        let records = try await call.report { call in
            try keepers.flatMap { try $0.export(person.person, in: call.db) }.map { record in
                CordeeSystem_ExportedRecord.with {
                    ($0.person, $0.collection, $0.json) = (person.name, record.collection, record.json)
                }
            }
        }
        for start in stride(from: 0, to: records.count, by: Self.recordsPerTurn) {
            try await responses.send(contentsOf: Array(records[start...].prefix(Self.recordsPerTurn)))
        }
    }

    func erasePerson(
        _ request: CordeeSystem_ErasePersonRequest, _ call: WaitCall
    ) async throws -> CordeeSystem_Erasure {
        let person = try call.read { try subject(request.person, $0) }
        let eraser = eraser
        let entry = ErasureLedger.Entry(
            at: call.now, board: person.board, person: person.person, officer: call.caller.person ?? "")
        var erasure = try await call.write { call in
            if let known = try ErasureTable.find(person.person, in: call.db) {
                return CordeeSystem_Erasure(known.entry, .pending)
            }
            try eraser.erase(entry, in: EffectCall(db: call.db, now: call.now, effects: call.effects))
            try call.emit(
                Event("system.erasure.decided.v1", board: person.board, subject: person.name, person: person.person))
            return CordeeSystem_Erasure(entry, .pending)
        }
        if try await sweep(call) { erasure.state = .done }
        return erasure
    }

    /// - Returns: false if readers kept the WAL from being cut all the time.
    func sweep(_ call: WaitCall) async throws -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + sweepTimeout
        while true {
            do {
                try await eraser.sweep(at: call.now) { try await call.compute($0) }
                return true
            } catch StoreError.busy {
                guard clock.now < end else { return false }
                try await call.pause(for: Self.sweepPause)
            }
        }
    }

    func listAccesses(
        _ request: CordeeSystem_ListAccessesRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListAccessesResponse {
        let person = try subject(request.parent, call)
        // The latest first: the order rises while the numbers fall.
        let page = try call.page(
            request, sections: [person.name], key: { PageKey(-$0.seq, "") }, shows: { _ in true }
        ) { _, after, limit in
            try AccessTable.list(
                of: person.person, before: after.order == .min ? .max : -after.order,
                from: request.hasStartTime ? Timestamp(request.startTime) : .min,
                to: request.hasEndTime ? Timestamp(request.endTime) : .max, limit: limit, in: call.db)
        }
        return try .with {
            $0.accesses = try page.items.map { row in
                let reader = try row.reader.flatMap { try people?.member($0.id, of: $0.board, in: call.db) }
                return CordeeSystem_RecordedAccess(row, displayName: reader?.displayName ?? "")
            }
            $0.nextPageToken = page.nextToken
        }
    }

    /// Whose data is meant: the caller's own if nobody is named.
    ///
    /// - Throws: NOT_FOUND for anybody whom the caller may not ask about, whether they exist or not.
    func subject(_ name: String, _ call: ReadCall) throws -> PersonRef {
        guard !name.isEmpty else {
            guard let id = call.caller.person, let board = call.caller.homeBoard else { throw Status.notFound(name) }
            return PersonRef(board: board, person: id)
        }
        guard let person = PersonRef(name: name),
            call.standing.covers(board: person.board, person: person.person),
            try people?.state(of: person.person, of: person.board, in: call.db) != nil
        else { throw Status.notFound(name) }
        return person
    }
}

extension CordeeSystem_Erasure {
    fileprivate init(_ entry: ErasureLedger.Entry, _ state: State) {
        self = .with {
            $0.person = PersonRef(board: entry.board, person: entry.person).name
            $0.state = state
            $0.eraseTime = Google_Protobuf_Timestamp(entry.at)
        }
    }
}
