import DirectoryAPI
import ModuleKit

extension DirectoryPeople {
    func signedIn(_ id: String, in call: WriteCall) throws {
        guard var person = try Person.find(id: id, in: call.db), person.state == .invited else { return }
        person.state = .active
        try person.save(in: call.db)
        try call.emit(.activated(person.name))
    }
}
