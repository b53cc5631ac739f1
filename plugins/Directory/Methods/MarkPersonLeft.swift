import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func markPersonLeft(_ request: API.MarkPersonLeftRequest, _ call: WriteCall) throws -> API.Person {
        try move(request.name, request.etag, call) { person in
            guard person.state.isStaff else { throw PersonRefusal.state(person.state) }
            try checkLeads(without: person, call)
            person.state = .left
            try person.save(in: call.db)
            try Assignment.deleteAll(of: person.name.person, in: call.db)
            return .left(person.name)
        }
    }
}
