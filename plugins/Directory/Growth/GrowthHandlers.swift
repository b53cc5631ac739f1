import DirectoryAPI
import ModuleKit

/// The methods of `Growth`, in `Methods/`.
struct GrowthHandlers: GrowthService {
    typealias Contexts = ModuleCalls

    static let settings = [
        ModuleSetting("shares_max", 200, "The most shares of self-levels that one person may have at a time."),
        ModuleSetting("needs_max", 100, "The most open needs of one person that are looked at for recommendations."),
    ]

    let sharesMax: Int
    let needsMax: Int
    /// What helps people to learn, from all modules.
    let offerings: [any OfferingProvider]
    let small = SmallCounts()

    init(_ settings: ModuleSettings, offerings: [any OfferingProvider]) {
        sharesMax = settings["shares_max"]
        needsMax = settings["needs_max"]
        self.offerings = offerings
    }
}

// What several methods begin with.
extension GrowthHandlers {
    /// The caller and a competency of their own board that is in use.
    ///
    /// - Throws: NOT_FOUND for one that they may not know of, or of a board that they only have a role in.
    func own(_ competency: String, _ call: WriteCall) throws -> (person: PersonName, competency: Competency) {
        let found = try call.find(Competency.self, competency)
        guard let person = call.caller.person, call.caller.homeBoard == found.name.board else {
            throw Status.notFound(competency)
        }
        guard try Framework.find(found.name.parent, in: call.db)?.state == .published else {
            throw GrowthRefusal.frameworkNotInUse
        }
        return (PersonName(board: found.name.board, person: person), found)
    }
}

/// What the other modules know of competencies.
struct DirectoryCompetencies: CompetencyCatalog {
    func identifier(of name: String, board: String, in db: some Queryable) throws -> String? {
        guard let name = CompetencyName(name), name.board == board,
            let competency = try Competency.find(name, in: db),
            try Framework.find(name.parent, in: db)?.state == .published
        else { return nil }
        return competency.identifier
    }
}

extension Event {
    /// "directory.need.opened.v1": for the person alone to look up.
    static func opened(_ need: Need) -> Event { Event("directory.need.opened.v1", about: need) }
}
