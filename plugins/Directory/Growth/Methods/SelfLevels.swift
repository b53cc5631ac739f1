import DirectoryAPI
import ModuleKit

extension GrowthHandlers {
    func setSelfLevel(_ request: API.SetSelfLevelRequest, _ call: WriteCall) throws -> API.SelfLevel {
        let (person, competency) = try own(request.competency, call)
        let level = Int(request.level)
        guard
            var held = try SelfLevel.find(person: person.person, competency: competency.identifier, in: call.db)
        else {
            let new = SelfLevel(
                name: SelfLevelName(board: person.board, level: call.newID()), person: person.person,
                competency: competency.identifier, level: level, evidence: request.evidence, updatedAt: call.now)
            try new.insert(in: call.db)
            return try API.SelfLevel(new, in: call.db)
        }
        try held.etag.check(request.etag)
        held.set(level, evidence: request.evidence, at: call.now)
        try held.save(in: call.db)
        return try API.SelfLevel(held, in: call.db)
    }

    func getSelfLevel(_ request: API.GetSelfLevelRequest, _ call: ReadCall) throws -> API.SelfLevel {
        // Not `call.find`: who may see it depends on the instant.
        guard let name = SelfLevelName(request.name),
            let level = try SelfLevel.find(name, at: call.now, in: call.db), level.isVisible(to: call.caller)
        else { throw Status.notFound(request.name) }
        return try API.SelfLevel(level, in: call.db)
    }

    func listSelfLevels(_ request: API.ListSelfLevelsRequest, _ call: ReadCall) throws -> API.ListSelfLevelsResponse {
        let owner = try PersonName(request.person) ?? call.ownPerson
        let page = try call.page(request, key: { PageKey(Int64(0), $0.competency) }) {
            board, after, limit -> [SelfLevel] in
            guard board == owner.board else { return [] }
            return try SelfLevel.list(
                person: owner.person, at: call.now, after: after.id, limit: limit, in: call.db)
        }
        return try .with {
            $0.levels = try page.items.map { try API.SelfLevel($0, in: call.db) }
            $0.nextPageToken = page.nextToken
        }
    }
}

extension ModuleCall {
    /// The caller's own person.
    var ownPerson: PersonName {
        get throws {
            guard let person = caller.person, let board = caller.homeBoard else { throw Status.forbidden }
            return PersonName(board: board, person: person)
        }
    }
}
