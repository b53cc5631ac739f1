import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func reinstatePerson(_ request: API.ReinstatePersonRequest, _ call: WriteCall) throws -> API.Person {
        try move(request.name, request.etag, call) { person in
            guard person.state == .suspended else { throw PersonRefusal.state(person.state) }
            try person.reinstate(in: call.db)
            return .person("reinstated", person.name)
        }
    }
}
