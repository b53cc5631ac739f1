import DirectoryAPI
import ModuleKit

/// The names of competencies, as the versions in use have them, each looked up once.
struct CompetencyNames<DB: Queryable> {
    let board: String
    let db: DB
    private var known: [String: String] = [:]

    init(of board: String, in db: DB) { (self.board, self.db) = (board, db) }

    /// Empty if no version has it.
    mutating func name(of identifier: String) throws -> String {
        if let name = known[identifier] { return name }
        let name = try Competency.current(identifier, board: board, in: db)?.name.description ?? ""
        known[identifier] = name
        return name
    }
}

extension API.SelfLevel {
    init(_ level: SelfLevel, in db: some Queryable) throws {
        var names = CompetencyNames(of: level.name.board, in: db)
        self.init()
        name = level.name.description
        person = PersonName(board: level.name.board, person: level.person).description
        competency = try names.name(of: level.competency)
        self.level = Int32(level.level)
        evidence = level.evidence
        updateTime = .init(level.updatedAt)
        etag = level.etag.description
    }
}

extension API.Share {
    init(_ share: Share, in db: some Queryable) throws {
        let board = share.name.board
        var names = CompetencyNames(of: board, in: db)
        self.init()
        name = share.name.description
        person = PersonName(board: board, person: share.person).description
        recipient = share.recipient.map { PersonName(board: board, person: $0).description } ?? ""
        org = share.org.map { OrgName(board: board, org: $0).description } ?? ""
        competencies = try share.competencies.map { try names.name(of: $0) }
        untilTime = .init(share.until)
        createTime = .init(share.createdAt)
    }
}

extension API.Need {
    init(_ need: Need, in db: some Queryable) throws {
        var names = CompetencyNames(of: need.name.board, in: db)
        self.init()
        name = need.name.description
        person = PersonName(board: need.name.board, person: need.person).description
        competency = try names.name(of: need.competency)
        targetLevel = Int32(need.targetLevel)
        why = need.why
        byDate = need.by?.description ?? ""
        state =
            switch need.state {
            case .open: .open
            case .met: .met
            case .dropped: .dropped
            }
        createTime = .init(need.createdAt)
        if let closedAt = need.closedAt { closeTime = .init(closedAt) }
        etag = need.etag.description
    }
}

extension API.Expertise {
    init(_ expertise: Expertise, in db: some Queryable) throws {
        var names = CompetencyNames(of: expertise.name.board, in: db)
        self.init()
        name = expertise.name.description
        person = PersonName(board: expertise.name.board, person: expertise.person).description
        displayName = expertise.displayName
        competency = try names.name(of: expertise.competency)
        languages = expertise.languages
        zone = expertise.zone
        createTime = .init(expertise.createdAt)
    }
}
