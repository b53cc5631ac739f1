public import CordeeAPI
public import ModuleKit
import RPC
import Store

extension CordeeSystem_ListErasureRequestsRequest: PagedRequest {}

// Erasures that somebody asked for: see `ErasureRequest`.
extension PrivacyHandlers {
    func requestErasure(
        _ request: CordeeSystem_RequestErasureRequest, _ call: WaitCall
    ) async throws -> CordeeSystem_ErasureRequest {
        let caller = try call.read { try subject("", $0) }
        let eraser = eraser
        let plan = try await call.report { try eraser.plan(for: caller.person, in: $0.db) }
        return try await call.write { call in
            let waiting = try ErasureRequest.all(of: caller.person, in: call.db).contains { $0.state == .requested }
            guard !waiting else { throw ErasureRequest.Refusal.waiting }
            let made = ErasureRequest(
                name: ErasureRequestName(board: caller.board, erasureRequest: call.newID()), person: caller.person,
                reason: request.reason, requestedAt: call.now)
            try made.insert(in: call.db)
            try call.emit(Event("system.erasure.requested.v1", about: made))
            var answer = CordeeSystem_ErasureRequest(made)
            answer.plan = plan
            return answer
        }
    }

    func getErasureRequest(
        _ request: CordeeSystem_GetErasureRequestRequest, _ call: WaitCall
    ) async throws -> CordeeSystem_ErasureRequest {
        let eraser = eraser
        return try await call.report { call in
            let found = try call.find(ErasureRequest.self, request.name)
            var answer = CordeeSystem_ErasureRequest(found)
            answer.plan =
                found.state == .requested ? try eraser.plan(for: found.person, in: call.db) : found.plan
            return answer
        }
    }

    func listErasureRequests(
        _ request: CordeeSystem_ListErasureRequestsRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListErasureRequestsResponse {
        let page = try call.page(request, key: { PageKey($0.requestedAt, $0.name.erasureRequest) }) {
            board, after, limit in
            // Who is no officer there has no business with the others', however many they are.
            let person = call.standing.covers(board: board) ? nil : call.caller.person ?? ""
            return try ErasureRequest.list(board: board, person: person, after: after, limit: limit, in: call.db)
        }
        return .with {
            $0.erasureRequests = page.items.map { CordeeSystem_ErasureRequest($0) }
            $0.nextPageToken = page.nextToken
        }
    }

    func approveErasure(
        _ request: CordeeSystem_ApproveErasureRequest, _ call: WaitCall
    ) async throws -> CordeeSystem_ErasureRequest {
        let eraser = eraser
        let plan = try await call.report { call in
            let found = try call.find(ErasureRequest.self, request.name)
            return found.state == .requested ? try eraser.plan(for: found.person, in: call.db) : found.plan
        }
        var answer = try await call.write { call in
            var found = try call.find(ErasureRequest.self, request.name)
            if found.state == .requested || found.person == call.caller.person {
                try found.etag.check(request.etag)
                try found.decide(.approved, by: call.caller.person, at: call.now)
                found.plan = plan
                try found.save(in: call.db)
                let entry = ErasureLedger.Entry(
                    at: call.now, board: found.name.board, person: found.person, officer: call.caller.person ?? "")
                try eraser.erase(entry, in: EffectCall(db: call.db, now: call.now, effects: call.effects))
                try call.emit(Event("system.erasure.decided.v1", about: found))
            } else if found.state != .approved, found.state != .done {
                throw ErasureRequest.Refusal.decided
            }
            // Read anew: no word of theirs is in it any more.
            return try Self.answer(found.name, in: call.db)
        }
        if try await sweep(call), let name = ErasureRequestName(request.name) {
            answer = try call.read { try Self.answer(name, in: $0.db) }
        }
        return answer
    }

    func refuseErasure(
        _ request: CordeeSystem_RefuseErasureRequest, _ call: WriteCall
    ) throws -> CordeeSystem_ErasureRequest {
        var found = try call.find(ErasureRequest.self, request.name)
        try found.etag.check(request.etag)
        try found.refuse(by: call.caller.person, reason: request.reason, at: call.now)
        try found.save(in: call.db)
        try call.emit(Event("system.erasure.refused.v1", about: found))
        return CordeeSystem_ErasureRequest(found)
    }

    func withdrawErasure(
        _ request: CordeeSystem_WithdrawErasureRequest, _ call: WriteCall
    ) throws -> CordeeSystem_ErasureRequest {
        var found = try call.find(ErasureRequest.self, request.name)
        // An officer sees the requests of others, and takes back none of them.
        guard found.person == call.caller.person else { throw Status.notFound(request.name) }
        try found.etag.check(request.etag)
        try found.withdraw(at: call.now)
        try found.save(in: call.db)
        try call.emit(Event("system.erasure.withdrawn.v1", about: found))
        return CordeeSystem_ErasureRequest(found)
    }

    private static func answer(
        _ name: ErasureRequestName, in db: some Queryable
    ) throws -> CordeeSystem_ErasureRequest {
        guard let found = try ErasureRequest.find(name, in: db) else { throw Status.notFound(name.description) }
        var answer = CordeeSystem_ErasureRequest(found)
        answer.plan = found.plan
        return answer
    }
}
