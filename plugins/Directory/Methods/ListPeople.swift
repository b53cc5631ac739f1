import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func listPeople(_ request: API.ListPeopleRequest, _ call: ReadCall) throws -> API.ListPeopleResponse {
        let page = try call.page(request, key: { PageKey($0.details.sortKey, $0.name.person) }) {
            board, after, limit in
            let filter = Person.Filter(
                found: try found(request.query, in: board, call), org: OrgName(request.org)?.org,
                showsLeft: request.showLeft)
            return try Person.list(board: board, filter, after: after, limit: limit, in: call.db)
        }
        return try .with {
            $0.people = try page.items.map { person in
                API.Person(person, assignments: try Assignment.list(person: person.name.person, in: call.db))
            }
            $0.nextPageToken = page.nextToken
        }
    }

    /// The ids of a board's people with the words of a query in their names; nil if there is no query.
    private func found(_ query: String, in board: String, _ call: ReadCall) throws -> Set<String>? {
        guard !query.isEmpty else { return nil }
        return Set(try Schema.peopleSearch.match("\(board) \(query)", limit: Person.searchedMax, in: call.db))
    }
}
