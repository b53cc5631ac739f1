import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func listPeople(_ request: API.ListPeopleRequest, _ call: ReadCall) throws -> API.ListPeopleResponse {
        let page = try call.page(request, key: \.key) {
            board, after, limit in
            let filter = Person.Filter(
                query: request.query, org: OrgName(request.org)?.org, showsLeft: request.showLeft)
            return try Person.list(board: board, filter, after: after, limit: limit, in: call.db)
        }
        return try .with {
            $0.people = try page.items.map { person in
                API.Person(person, assignments: try Assignment.list(person: person.name.person, in: call.db))
            }
            $0.nextPageToken = page.nextToken
        }
    }
}
