import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func listWorkshops(_ request: API.ListWorkshopsRequest, _ call: ReadCall) throws -> API.ListWorkshopsResponse {
        let page = try call.page(request, key: { PageKey($0.start, $0.name.workshop) }) { board, after, limit in
            try Workshop.list(
                board: board, person: call.caller.person, seesDrafts: call.caller.holds(.boardLead, over: board),
                after: after, limit: limit, in: call.db)
        }
        return .with {
            $0.workshops = page.items.map { API.Workshop($0, at: call.now) }
            $0.nextPageToken = page.nextToken
        }
    }
}
