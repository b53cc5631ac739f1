import ModuleKit
import WorkshopsAPI

extension Event {
    /// "workshops.workshop.published.v1": what was done to a workshop.
    static func workshop(_ verb: String, _ workshop: Workshop) -> Event {
        Event(
            "workshops.workshop.\(verb).v1", board: workshop.name.board, subject: workshop.name.description,
            audience: workshop.state == .draft ? .concerned : .board)
    }

    /// "workshops.registration.confirmed.v1": the state that a registration came to.
    static func registration(_ registration: Registration) -> Event {
        Event(
            "workshops.registration.\(registration.state.rawValue.lowercased()).v1", board: registration.name.board,
            subject: registration.name.description, person: registration.person)
    }
}
