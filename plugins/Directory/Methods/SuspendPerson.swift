import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func suspendPerson(_ request: API.SuspendPersonRequest, _ call: WriteCall) throws -> API.Person {
        try move(request.name, request.etag, call) { person in
            guard person.state.mayComeIn else { throw PersonRefusal.state(person.state) }
            try checkLeads(without: person, call)
            try person.suspend(in: call.db)
            return .person("suspended", person.name)
        }
    }

    /// Changes the state of somebody whom the caller may change, from the next call on.
    func move(
        _ text: String, _ etag: String, _ call: WriteCall, _ change: (inout Person) throws -> Event
    ) throws -> API.Person {
        guard let name = PersonName(text), call.standing.covers(board: name.board),
            var person = try Person.find(name, in: call.db)
        else { throw Status.notFound(text) }
        try person.etag.check(etag)
        let event = try change(&person)
        call.accessChanged()
        try call.emit(event)
        guard let after = try Person.find(name, in: call.db) else { throw Status.notFound(text) }
        return API.Person(after, assignments: try Assignment.list(person: name.person, in: call.db))
    }

    /// - Throws: LAST_BOARD_LEAD if a board that is led would be led by nobody without a person.
    func checkLeads(without person: Person, _ call: WriteCall) throws {
        for grant in try Grant.list(person: person.name.person, at: call.now, in: call.db)
        where grant.role == .boardLead {
            let board = grant.name.board
            guard try Grant.isLed(board, at: call.now, in: call.db) else { continue }
            guard try Grant.isLed(board, withoutPerson: person.name.person, at: call.now, in: call.db) else {
                throw Grant.Refusal.lastBoardLead
            }
        }
    }
}
