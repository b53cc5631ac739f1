import ModuleKit
import WorkshopsAPI

extension Event {
    /// "workshops.workshop.published.v1": what was done to a workshop.
    static func workshop(_ verb: String, _ workshop: Workshop) -> Event {
        var event = Event("workshops.workshop.\(verb).v1", about: workshop)
        // What was done to a draft is not told to all when it is published.
        if workshop.state == .draft { event.audience = .concerned }
        return event
    }

    /// "workshops.registration.confirmed.v1": the state that a registration came to.
    static func registration(_ registration: Registration) -> Event {
        Event(
            "workshops.registration.\(registration.state.rawValue.lowercased()).v1", board: registration.name.board,
            subject: registration.name.description, person: registration.person, audience: .subject)
    }
}
