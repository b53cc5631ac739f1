import ModuleKit
import OneRoster

extension StagedRoster {
    /// - Parameter hasPeople: whether the roster has people at all; without a file of them nobody has left.
    init(_ roster: Roster, hasPeople: Bool, problemsMax: Int) {
        version = roster.version
        orgs = Self.parentsFirst(roster.orgs.map { OrgRow($0, of: roster) })
        people = hasPeople ? roster.users.compactMap { PersonRow($0, of: roster) } : nil
        self.problemsMax = problemsMax
    }

    /// An org can only be written below one that is there. The reader has refused circles.
    private static func parentsFirst(_ orgs: [OrgRow]) -> [OrgRow] {
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
    fileprivate init(_ org: Roster.Org, of roster: Roster) {
        let kind: Org.Kind =
            switch org.type {
            case .district: .board
            case .school: .school
            case .department, .local, .state, .national: .site
            }
        let board = roster.board(of: org.sourcedID)
        self.init(
            line: org.line, sourceID: org.sourcedID, board: board,
            parent: kind == .board || board == nil ? nil : org.parentID, kind: kind, title: org.name,
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
            details: Person.Details(
                givenName: user.givenName, familyName: user.familyName,
                preferredName: user.preferredGivenName ?? "", username: user.username, email: user.email ?? "",
                languages: user.languages, staffRole: user.staffRole ?? ""),
            places: places.map { StagedRoster.Place($0, of: roster) })
    }
}

extension StagedRoster.Place {
    fileprivate init(_ place: Roster.Assignment, of roster: Roster) {
        self.init(
            file: place.file, line: place.line, org: place.orgID, board: roster.board(of: place.orgID),
            role: place.role.rawValue, isPrimary: place.isPrimary, begin: place.begin, end: place.end)
    }
}
