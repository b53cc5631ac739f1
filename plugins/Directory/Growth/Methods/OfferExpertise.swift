import DirectoryAPI
import ModuleKit

extension GrowthHandlers {
    func offerExpertise(_ request: API.OfferExpertiseRequest, _ call: WriteCall) throws -> API.Expertise {
        let (name, competency) = try own(request.competency, call)
        guard let person = try Person.find(name, in: call.db) else { throw Status.notFound(name.description) }
        let asked = request.languages.isEmpty ? person.details.languages : request.languages
        let languages = Set(asked.map { $0.lowercased() }).sorted()
        let offers = try Expertise.all(person: name.person, in: call.db)
        let id: ExpertiseName
        if var held = offers.first(where: { $0.competency == competency.identifier }) {
            held.languages = languages
            try held.save(in: call.db)
            id = held.name
        } else {
            let new = Expertise(
                name: ExpertiseName(board: name.board, expertise: call.newID()), person: name.person,
                competency: competency.identifier, languages: languages, createdAt: call.now)
            try new.insert(in: call.db)
            id = new.name
        }
        return try API.Expertise(try call.find(Expertise.self, id.description), in: call.db)
    }

    func withdrawExpertise(
        _ request: API.WithdrawExpertiseRequest, _ call: WriteCall
    ) throws -> API.WithdrawExpertiseResponse {
        let expertise = try call.find(Expertise.self, request.name)
        guard call.standing.covers(expertise.belonging) else { throw Status.forbidden }
        try expertise.delete(in: call.db)
        return .init()
    }

    func searchExpertise(
        _ request: API.SearchExpertiseRequest, _ call: ReadCall
    ) throws -> API.SearchExpertiseResponse {
        var filter = Expertise.Filter(language: request.language, zone: request.zone)
        if !request.competency.isEmpty {
            filter.competency = try call.find(Competency.self, request.competency).identifier
        }
        let page = try call.page(request, key: { PageKey($0.createdAt, $0.name.expertise) }) { board, after, limit in
            try Expertise.list(board: board, filter, after: after, limit: limit, in: call.db)
        }
        return try .with {
            $0.expertise = try page.items.map { try API.Expertise($0, in: call.db) }
            $0.nextPageToken = page.nextToken
        }
    }
}
