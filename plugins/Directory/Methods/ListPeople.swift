import DirectoryAPI
import ModuleKit
import OneRoster

extension DirectoryHandlers {
    func listPeople(_ request: API.ListPeopleRequest, _ call: ReadCall) throws -> API.ListPeopleResponse {
        let filter = try Person.Filter(request)
        let page = try call.page(request, key: \Person.key) { board, after, limit in
            try Person.list(board: board, filter, after: after, limit: limit, in: call.db)
        }
        return try .with {
            $0.people = try page.items.map { person in
                API.Person(person, assignments: try Assignment.list(person: person.name.person, in: call.db))
            }
            $0.nextPageToken = page.nextToken
        }
    }
}

extension Person.Filter {
    fileprivate init(_ request: API.ListPeopleRequest) throws {
        guard request.language.isEmpty || LanguageTagSyntax.isTag(request.language) else {
            throw Status.badField(
                "language", "BAD_LANGUAGE", fr: "Une étiquette de langue est attendue : fr-CA.",
                en: "A language tag is expected: fr-CA.")
        }
        self.init(query: request.query, org: OrgName(request.org)?.org, showsLeft: request.showLeft)
        role = request.role.isEmpty ? nil : request.role
        isRemote = request.hasRemote ? request.remote : nil
        language = request.language.isEmpty ? nil : request.language
    }
}
