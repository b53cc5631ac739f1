import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func listGrants(_ request: API.ListGrantsRequest, _ call: ReadCall) throws -> API.ListGrantsResponse {
        let page = try call.page(request, key: { PageKey($0.grantedAt, $0.name.grant) }) { board, after, limit in
            try Grant.list(board: board, at: call.now, after: after, limit: limit, in: call.db)
        }
        return .with {
            $0.grants = page.items.map { API.Grant($0) }
            $0.nextPageToken = page.nextToken
        }
    }
}
