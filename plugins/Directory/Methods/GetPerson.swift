import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func getPerson(_ request: API.GetPersonRequest, _ call: ReadCall) throws -> API.Person {
        guard let name = PersonName(request.name), let person = try Person.find(name, in: call.db) else {
            throw Status.notFound(request.name)
        }
        return API.Person(person, assignments: try Assignment.list(person: name.person, in: call.db))
    }
}
