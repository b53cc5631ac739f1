import DirectoryAPI
import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func createWorkshop(_ request: API.CreateWorkshopRequest, _ call: WriteCall) throws -> API.Workshop {
        let board = try call.board(request.parent)
        let name = WorkshopName(board: board, workshop: call.newID())
        var workshop = try Workshop(request.workshop, name: name, zones: zones, by: call)
        try checkFacilitators(of: workshop, call)
        workshop.competencies = try taught(request.workshop.competencies, in: workshop, call)
        try workshop.insert(in: call.db)
        try call.emit(.workshop("drafted", workshop))
        return API.Workshop(workshop, at: call.now)
    }

    /// The competencies that a request names, each once. Those that the workshop has stay, though their framework may be
    /// in use no more.
    ///
    /// - Throws: INVALID_ARGUMENT that names each that is not in use in the board.
    func taught(_ names: [String], in workshop: Workshop, _ call: WriteCall) throws -> [TaughtCompetency] {
        var violations = Violations()
        var taught: [TaughtCompetency] = []
        for (index, name) in names.enumerated() {
            let identifier =
                try workshop.competencies.first { $0.name == name }?.identifier
                ?? competencies.identifier(of: name, board: workshop.name.board, in: call.db)
            guard let identifier else {
                violations.add(
                    "workshop.competencies[\(index)]", "UNKNOWN_COMPETENCY",
                    fr: "Le conseil n'a pas cette compétence dans un référentiel en vigueur.",
                    en: "The board has no such competency in a framework in use.")
                continue
            }
            guard !taught.contains(where: { $0.identifier == identifier }) else { continue }
            taught.append(TaughtCompetency(name: name, identifier: identifier))
        }
        try violations.throwIfAny()
        return taught
    }

    /// - Throws: INVALID_ARGUMENT that names each facilitator who does not work for the board.
    func checkFacilitators(of workshop: Workshop, _ call: WriteCall) throws {
        var violations = Violations()
        for (index, person) in workshop.facilitators.enumerated() {
            guard try people.member(person, of: workshop.name.board, in: call.db) == nil else { continue }
            violations.add(
                "workshop.facilitators[\(index)]", "UNKNOWN_PERSON",
                fr: "Cette personne ne travaille pas pour ce conseil.",
                en: "This person does not work for the board.")
        }
        try violations.throwIfAny()
    }
}

extension Workshop {
    /// A draft as a request describes it.
    init(_ message: API.Workshop, name: WorkshopName, zones: TimeZoneCatalog, by call: WriteCall) throws {
        self.init(
            name: name, title: TextByLanguage(message.title), summary: TextByLanguage(message.summary),
            mode: Mode(message.mode), sessions: try Session.read(message.sessions, zones: zones),
            facilitators: try Workshop.facilitators(message.facilitators, of: name.board),
            seats: Seats(capacity: Int(message.capacity), reserve: Int(message.remoteReserve)),
            waitingMax: message.hasWaitlistMax ? Int(message.waitlistMax) : Workshop.standardWaitingMax,
            createdAt: call.now)
        if facilitators.isEmpty, let person = call.caller.person, call.caller.homeBoard == name.board {
            facilitators = [person]
        }
        guard seats.reserve <= seats.capacity else {
            throw Status.badField(
                "workshop.remote_reserve", "OUT_OF_RANGE",
                fr: "On ne peut réserver plus de places qu'il n'y en a.",
                en: "No more places can be kept than there are.")
        }
    }

    /// The ids of facilitators, each once, in the order given.
    ///
    /// - Throws: INVALID_ARGUMENT for a person of another board.
    static func facilitators(_ names: [String], of board: String) throws -> [String] {
        var ids: [String] = []
        for (index, text) in names.enumerated() {
            guard let name = PersonName(text), name.board == board else {
                throw Status.badField(
                    "workshop.facilitators[\(index)]", "UNKNOWN_PERSON",
                    fr: "Cette personne ne travaille pas pour ce conseil.",
                    en: "This person does not work for the board.")
            }
            if !ids.contains(name.person) { ids.append(name.person) }
        }
        return ids
    }
}
