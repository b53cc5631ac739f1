import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func streamPeople(
        _ request: API.ListPeopleRequest, _ responses: ResponseSender<API.Person>, _ call: WaitCall
    ) async throws {
        try await call.forEachPage(of: request) { request, call in
            let page = try listPeople(request, call)
            return Page(items: page.people, nextToken: page.nextPageToken)
        } send: {
            try await responses.send($0)
        }
    }
}
