import ModuleKit
import WorkshopsAPI

/// What the module holds of one person: registrations with the minutes that were recorded, and the workshops led.
///
/// After an erasure registrations stay, each with the person's generated id, its state and its minutes: the counts of a
/// workshop and what it took of the day stay true, and nothing says any more whose they were. A place, or a turn, in a
/// workshop that has not begun is given back, and whoever waits moves up. That the person leads, or led, workshops is
/// forgotten. What people wrote into a workshop's texts is the workshop's: nobody can tell a name in it from a word.
struct WorkshopsKeeper: PersonalDataKeeper {
    /// Registrations are ids, states and minutes.
    let tables: [PersonalTable] = []
    let traces = [
        ErasureTrace(
            "registrations", fr: "L'identifiant, l'état et les minutes restent, pour que les comptes restent justes.",
            en: "The id, the state and the minutes stay, so that counts stay true.")
    ]

    func export(_ person: String, in db: some Queryable) throws -> [PersonalRecord] {
        let registrations = try Registration.all(of: person, in: db).map { registration in
            PersonalRecord(
                "registrations", API.Registration(registration, of: nil, rank: try registration.rank(in: db)))
        }
        let led = try Workshop.led(by: person, in: db).map { workshop in
            PersonalRecord("led", API.Workshop(workshop, at: workshop.createdAt))
        }
        return registrations + led
    }

    func calendar(of person: String, in db: some Queryable) throws -> [CalendarEntry] {
        try Registration.all(of: person, in: db).filter { $0.state == .confirmed }.flatMap { registration in
            guard let workshop = try Workshop.find(registration.name.parent, in: db), workshop.state == .published
            else { return [CalendarEntry]() }
            return workshop.sessions.enumerated().map { index, session in
                CalendarEntry(
                    id: "\(workshop.name.workshop)-\(index + 1)@cordee",
                    revision: Int(clamping: workshop.revision), interval: session.interval,
                    title: workshop.title.texts["fr"] ?? workshop.title.texts.sorted { $0.key < $1.key }.first?.value
                        ?? "",
                    place: session.room, address: session.conferenceURI)
            }
        }
    }

    func erase(_ person: String, in call: EffectCall) throws {
        for registration in try Registration.all(of: person, in: call.db) where !registration.state.isFinal {
            guard var workshop = try Workshop.find(registration.name.parent, in: call.db),
                !workshop.hasBegun(at: call.now)
            else { continue }
            var given = registration
            try given.withdraw(from: workshop, byLeader: true, at: call.now)
            workshop.release(registration)
            try given.save(in: call.db)
            try call.emit(.registration(given))
            _ = try workshop.fillSeats(call)
        }
        try call.db.execute("DELETE FROM workshops_facilitators WHERE person_id = ?1", person)
    }
}
