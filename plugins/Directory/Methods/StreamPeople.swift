import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func streamPeople(
        _ request: API.StreamPeopleRequest, _ responses: ResponseSender<API.Person>, _ call: WaitCall
    ) async throws {
        let list = API.ListPeopleRequest.with {
            ($0.parent, $0.pageSize) = (request.parent, request.pageSize)
            ($0.query, $0.org, $0.showLeft) = (request.query, request.org, request.showLeft)
            ($0.role, $0.language) = (request.role, request.language)
            if request.hasRemote { $0.remote = request.remote }
        }
        try await call.forEachPage(of: list) { request, call in
            let page = try listPeople(request, call)
            return Page(items: page.people, nextToken: page.nextPageToken)
        } send: {
            try await responses.send(contentsOf: $0)
        }
    }
}
