import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func listOrgs(_ request: API.ListOrgsRequest, _ call: ReadCall) throws -> API.ListOrgsResponse {
        let page = try call.page(request, key: { PageKey($0.sortKey, $0.name.org) }) { board, after, limit in
            try Org.list(board: board, after: after, limit: limit, in: call.db)
        }
        return .with {
            $0.orgs = page.items.map { API.Org($0) }
            $0.nextPageToken = page.nextToken
        }
    }
}
