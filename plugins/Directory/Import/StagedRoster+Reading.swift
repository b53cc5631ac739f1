import ModuleKit
import OneRoster

extension StagedRoster {
    /// - Parameter hasPeople: whether the roster has people at all; without a file of them nobody has left.
    init(_ roster: Roster, hasPeople: Bool, problemsMax: Int) {
        version = roster.version
        orgs = Self.parentsFirst(roster.orgs.map { OrgRow($0, in: roster) })
        people = hasPeople ? roster.users.compactMap { PersonRow($0, of: roster) } : nil
        self.problemsMax = problemsMax
    }

    /// An org can only be written below one that is there. The reader has refused circles.
    static func parentsFirst(_ orgs: [OrgRow]) -> [OrgRow] {
        let parents = Dictionary(orgs.map { ($0.sourceID, $0.parent) }) { first, _ in first }
        func depth(_ org: OrgRow) -> Int {
            var (depth, next) = (0, org.parent)
            while let id = next, depth < orgs.count { (depth, next) = (depth + 1, parents[id] ?? nil) }
            return depth
        }
        return orgs.map { (depth: depth($0), org: $0) }.sorted { $0.depth < $1.depth }.map(\.org)
    }
}

extension StagedRoster.OrgRow {
    fileprivate init(_ org: Roster.Org, in roster: Roster) {
        let board = roster.board(of: org.sourcedID)
        self.init(org, board: board, parent: board == nil || org.type == .district ? nil : org.parentID)
    }

    init(_ org: Roster.Org, board: String?, parent: String?) {
        let kind: Org.Kind =
            switch org.type {
            case .district: .board
            case .school: .school
            case .department, .local, .state, .national: .site
            }
        self.init(
            line: org.line, sourceID: org.sourcedID, board: board, parent: parent, kind: kind, title: org.name,
            zone: org.timeZone, locality: org.locality, isRemote: org.isRemote)
    }
}

extension StagedRoster.PersonRow {
    /// Nil for who does not work there: disabled accounts, students and their families.
    fileprivate init?(_ user: Roster.User, of roster: Roster) {
        let places = user.assignments.filter(\.role.isStaff)
        guard user.isEnabled, let primary = user.primary, primary.role.isStaff else { return nil }
        self.init(
            line: user.line, sourceID: user.sourcedID, board: roster.board(of: primary.orgID),
            details: Person.Details(user),
            places: places.map { StagedRoster.Place($0, board: roster.board(of: $0.orgID)) })
    }
}

extension Person.Details {
    init(_ user: Roster.User) {
        self.init(
            givenName: user.givenName, familyName: user.familyName, preferredName: user.preferredGivenName ?? "",
            username: user.username, email: user.email ?? "", languages: user.languages,
            staffRole: user.staffRole ?? "")
    }
}

extension StagedRoster.Place {
    init(_ place: Roster.Assignment, board: String?) {
        self.init(
            file: place.file, line: place.line, sourceID: place.sourcedID, org: place.orgID, board: board,
            role: place.role.rawValue, isPrimary: place.isPrimary, begin: place.begin, end: place.end,
            share: place.share, isSecondment: place.isSecondment)
    }
}
