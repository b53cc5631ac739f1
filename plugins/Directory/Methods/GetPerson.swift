import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func getPerson(_ request: API.GetPersonRequest, _ call: ReadCall) throws -> API.Person {
        let person = try call.find(Person.self, request.name)
        return API.Person(person, assignments: try Assignment.list(person: person.name.person, in: call.db))
    }
}
