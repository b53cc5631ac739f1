import DirectoryAPI
import ModuleKit

extension FrameworksHandlers {
    func getFramework(_ request: API.GetFrameworkRequest, _ call: ReadCall) throws -> API.Framework {
        API.Framework(try call.find(Framework.self, request.name))
    }

    func listFrameworks(_ request: API.ListFrameworksRequest, _ call: ReadCall) throws -> API.ListFrameworksResponse {
        let page = try call.page(request, key: { PageKey(-$0.createdAt.microseconds, $0.name.framework) }) {
            board, after, limit in
            try Framework.list(
                board: board, showsRetired: request.showRetired,
                seesDrafts: call.caller.holds(.boardLead, over: board), before: after, limit: limit, in: call.db)
        }
        return .with {
            $0.frameworks = page.items.map { API.Framework($0) }
            $0.nextPageToken = page.nextToken
        }
    }

    func getCompetency(_ request: API.GetCompetencyRequest, _ call: ReadCall) throws -> API.Competency {
        let competency = try call.find(Competency.self, request.name)
        var message = API.Competency(competency)
        message.alignments = try Alignment.list(of: competency.name, in: call.db).map {
            API.Alignment(
                $0, other: try Competency.current($0.destination, board: competency.name.board, in: call.db))
        }
        return message
    }

    func listCompetencies(
        _ request: API.ListCompetenciesRequest, _ call: ReadCall
    ) throws -> API.ListCompetenciesResponse {
        let framework = try call.find(Framework.self, request.parent)
        let page = try call.page(request, of: request.parent, key: { PageKey($0.order, $0.name.competency) }) {
            after, limit in
            try Competency.list(framework.name, after: max(after.order, 0), limit: limit, in: call.db)
        }
        return .with {
            $0.competencies = page.items.map { API.Competency($0) }
            $0.nextPageToken = page.nextToken
        }
    }
}
