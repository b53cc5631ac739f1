import DirectoryAPI
import ModuleKit

extension GrowthHandlers {
    func openNeed(_ request: API.OpenNeedRequest, _ call: WriteCall) throws -> API.Need {
        let (person, competency) = try own(request.competency, call)
        let by = CivilDate(request.byDate)
        guard by != nil || request.byDate.isEmpty else { throw Status.notADate }
        if let open = try Need.open(of: person.person, competency.identifier, in: call.db) {
            throw Need.Refusal.alreadyOpen(open.name)
        }
        let need = Need(
            name: NeedName(board: person.board, need: call.newID()), person: person.person,
            competency: competency.identifier, targetLevel: Int(request.targetLevel), why: request.why, by: by,
            createdAt: call.now)
        try need.insert(in: call.db)
        try call.emit(.opened(need))
        return try API.Need(need, in: call.db)
    }

    func closeNeed(_ request: API.CloseNeedRequest, _ call: WriteCall) throws -> API.Need {
        var need = try call.find(Need.self, request.name)
        let outcome: Need.State
        switch request.outcome {
        case .met: outcome = .met
        case .dropped: outcome = .dropped
        case .open, .unspecified, .UNRECOGNIZED: throw Status.notAnOutcome
        }
        try need.etag.check(request.etag)
        try need.close(outcome, at: call.now)
        try need.saveEnd(in: call.db)
        return try API.Need(need, in: call.db)
    }

    func getNeed(_ request: API.GetNeedRequest, _ call: ReadCall) throws -> API.Need {
        try API.Need(try call.find(Need.self, request.name), in: call.db)
    }

    func listNeeds(_ request: API.ListNeedsRequest, _ call: ReadCall) throws -> API.ListNeedsResponse {
        let person = try call.ownPerson
        let page = try call.page(request, key: { PageKey($0.createdAt, $0.name.need) }) {
            board, after, limit -> [Need] in
            guard board == person.board else { return [] }
            return try Need.list(
                of: person.person, showsClosed: request.showClosed, after: after, limit: limit, in: call.db)
        }
        return try .with {
            $0.needs = try page.items.map { try API.Need($0, in: call.db) }
            $0.nextPageToken = page.nextToken
        }
    }
}
