import DirectoryAPI
import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func register(_ request: API.RegisterRequest, _ call: WriteCall) throws -> API.Registration {
        var workshop = try call.find(Workshop.self, request.workshop)
        let person = try participant(request.person, of: workshop, call)
        guard try Registration.active(of: person.id, in: workshop.name, in: call.db) == nil else {
            throw Registration.Refusal.alreadyRegistered
        }
        let place = try workshop.join(isRemote: person.isRemote, at: call.now)
        let registration = Registration(
            name: RegistrationName(
                board: workshop.name.board, workshop: workshop.name.workshop, registration: call.newID()),
            person: person.id, state: place.state, isRemote: person.isRemote, turn: place.turn, createdAt: call.now)
        try registration.insert(in: call.db)
        try workshop.save(in: call.db)
        try call.emit(.registration(registration))
        return API.Registration(registration, of: person, rank: place.state == .waitlisted ? workshop.waiting : 0)
    }

    /// Who is to take part: the caller, or somebody for whom the caller may decide.
    private func participant(_ name: String, of workshop: Workshop, _ call: WriteCall) throws -> StaffMember {
        let board = workshop.name.board
        let id = name.isEmpty ? call.caller.person : PersonName(name).flatMap { $0.board == board ? $0.person : nil }
        guard let person = try id.flatMap({ try people.member($0, of: board, in: call.db) }) else {
            throw Status.notFound(name)
        }
        guard call.standing.covers(board: board, person: person.id, orgs: person.orgs) else { throw Status.forbidden }
        return person
    }
}
