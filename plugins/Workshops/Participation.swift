import ModuleKit
import WorkshopsAPI

/// A registration with its workshop, whose leaders see and may do more than the rest of the board.
struct Participation: Resource {
    var registration: Registration
    var workshop: Workshop

    var name: RegistrationName { registration.name }

    var belonging: Belonging {
        Belonging(board: name.board, person: registration.person, leaders: workshop.facilitators)
    }

    static func find(_ name: RegistrationName, in db: some Queryable) throws -> Participation? {
        let registration = try Registration.find(name, in: db)
        let workshop = try Workshop.find(name.parent, in: db)
        guard let registration, let workshop else { return nil }
        return Participation(registration: registration, workshop: workshop)
    }
}
