import DirectoryAPI
import ModuleKit
import OneRoster

/// What a delta changes, in the order of its files.
struct StagedDelta: Sendable {
    struct Change<Row: Sendable>: Sendable {
        var line: Int
        var sourceID: String
        /// Nil for what goes.
        var row: Row?
    }

    struct RoleChange: Sendable {
        var file: String
        var line: Int
        /// What the roster calls the place; nil in 1.1.
        var sourceID: String?
        var person: String?
        /// Of a place that goes, what is known of it.
        var org: String?
        var role: String?
        /// Nil for a place that goes.
        var place: StagedRoster.Place?
        /// Of a student, or of the family: none of Cordée's business.
        var isForeign = false
    }

    var version: OneRosterVersion
    var orgs: [Change<StagedRoster.OrgRow>]
    /// Somebody whose account is disabled, or who is no staff, goes too.
    var people: [Change<StagedRoster.PersonRow>]
    /// In 1.2.
    var roles: [RoleChange]
    var problemsMax: Int
}

extension StagedDelta {
    init(_ roster: Roster, problemsMax: Int) {
        version = roster.version
        self.problemsMax = problemsMax
        orgs = roster.orgs.map { org in
            Change(
                line: org.line, sourceID: org.sourcedID,
                row: org.isDeleted ? nil : StagedRoster.OrgRow(org, board: nil, parent: org.parentID))
        }
        people = roster.users.map { user in
            let row = StagedRoster.PersonRow(
                line: user.line, sourceID: user.sourcedID, board: nil, details: Person.Details(user),
                places: user.assignments.filter(\.role.isStaff).map { StagedRoster.Place($0, board: nil) })
            let isNoStaff = !user.assignments.isEmpty && row.places.isEmpty
            return Change(
                line: user.line, sourceID: user.sourcedID,
                row: user.isDeleted || !user.isEnabled || isNoStaff ? nil : row)
        }
        roles = roster.roleChanges.map(RoleChange.init)
    }
}

extension StagedDelta.RoleChange {
    fileprivate init(_ change: Roster.RoleChange) {
        switch change {
        case .active(let user, let place):
            let row = StagedRoster.Place(place, board: nil)
            self.init(
                file: place.file, line: place.line, sourceID: place.sourcedID, person: user,
                place: place.role.isStaff ? row : nil, isForeign: !place.role.isStaff)
        case .deleted(let line, let sourceID, let user, let org, let role):
            self.init(
                file: "roles.csv", line: line, sourceID: sourceID, person: user, org: org, role: role, place: nil)
        }
    }
}

extension StagedRoster {
    /// What the boards' roster is after a delta, so that it is planned as one in bulk: what is there, with the changes.
    ///
    /// - Throws: `.rejected` with each change of what is not there, by file and line.
    init(_ rows: DirectoryRows, changedBy delta: StagedDelta) throws(ImportRefusal) {
        self.init(version: delta.version, orgs: [], people: nil, problemsMax: delta.problemsMax)
        isDelta = true
        var merge = DeltaMerge(rows)
        merge.apply(delta)
        try refuseIfAny(merge.problems)
        orgs = Self.parentsFirst(Array(merge.orgs.values))
        people = merge.people.values.sorted { ($0.line, $0.sourceID) < ($1.line, $1.sourceID) }
    }
}

/// The roster in the making. Rows that the delta does not name have the line 0.
private struct DeltaMerge {
    var orgs: [String: StagedRoster.OrgRow] = [:]
    var people: [String: StagedRoster.PersonRow] = [:]
    var problems: [ImportProblem] = []
    /// People whom a roster has named once, also those who have left.
    private let known: Set<String>
    private let knownOrgs: Set<String>
    /// Where what the delta touches stands, by the person.
    private var touched: [String: (file: String, line: Int)] = [:]

    init(_ rows: DirectoryRows) {
        let sources = Dictionary(rows.orgs.map { ($0.name.org, $0.sourceID) }) { first, _ in first }
        let boards = Dictionary(rows.boards.map { ($1, $0) }) { first, _ in first }
        knownOrgs = Set(rows.orgs.map(\.sourceID))
        known = Set(rows.people.compactMap(\.sourceID))
        for org in rows.orgs where org.isActive {
            let row = StagedRoster.OrgRow(
                org, parent: org.parent.flatMap { sources[$0] }, board: boards[org.name.board])
            if orgs.updateValue(row, forKey: org.sourceID) != nil { problems.append(.ambiguous("orgs.csv")) }
        }
        let places = Dictionary(grouping: rows.assignments, by: \.person)
        for person in rows.people where person.state.isStaff {
            guard let id = person.sourceID else { continue }
            let board = boards[person.name.board]
            let row = StagedRoster.PersonRow(
                line: 0, sourceID: id, board: board, details: person.details,
                places: (places[person.name.person] ?? []).compactMap { place in
                    sources[place.org].map { StagedRoster.Place(place, org: $0, board: board) }
                })
            if people.updateValue(row, forKey: id) != nil { problems.append(.ambiguous("users.csv")) }
        }
    }

    mutating func apply(_ delta: StagedDelta) {
        guard problems.isEmpty else { return }
        for change in delta.orgs { apply(change) }
        findBoards(of: delta.orgs)
        for change in delta.people { apply(change, version: delta.version) }
        for change in delta.roles where change.place == nil && !change.isForeign { remove(change) }
        for change in delta.roles where change.place != nil { put(change) }
        for id in delta.roles.filter(\.isForeign).compactMap(\.person) where people[id]?.places.isEmpty ?? false {
            (people[id], touched[id]) = (nil, nil)
        }
        checkPlaces(goneOrgs: delta.orgs.filter { $0.row == nil })
    }

    private mutating func apply(_ change: StagedDelta.Change<StagedRoster.OrgRow>) {
        guard var row = change.row else {
            if !knownOrgs.contains(change.sourceID) { tell(.unknownReference, "orgs.csv", change.line, "sourcedId") }
            orgs[change.sourceID] = nil
            return
        }
        if row.kind == .board { row.parent = nil }
        orgs[change.sourceID] = row
    }

    /// Follows the new parents, once all are there.
    private mutating func findBoards(of changes: [StagedDelta.Change<StagedRoster.OrgRow>]) {
        for change in changes where change.row != nil {
            var (next, seen): (String?, Set<String>) = (change.sourceID, [])
            while let id = next, let org = orgs[id], org.kind != .board, seen.insert(id).inserted { next = org.parent }
            guard let top = next, orgs[top] != nil else {
                tell(next == nil ? .noBoard : .unknownReference, "orgs.csv", change.line, "parentSourcedId")
                continue
            }
            guard orgs[top]?.kind == .board else {
                tell(.orgCycle, "orgs.csv", change.line, "parentSourcedId")
                continue
            }
            orgs[change.sourceID]?.board = top
        }
    }

    private mutating func apply(_ change: StagedDelta.Change<StagedRoster.PersonRow>, version: OneRosterVersion) {
        guard var row = change.row else {
            if !known.contains(change.sourceID) { tell(.unknownReference, "users.csv", change.line, "sourcedId") }
            people[change.sourceID] = nil
            return
        }
        touched[change.sourceID] = ("users.csv", change.line)
        if version == .v12 { row.places = people[change.sourceID]?.places ?? [] }
        people[change.sourceID] = row
    }

    private mutating func remove(_ change: StagedDelta.RoleChange) {
        guard let id = change.person else { return removeBySource(change) }
        guard known.contains(id) || people[id] != nil else {
            return tell(.unknownReference, change.file, change.line, "userSourcedId")
        }
        guard let index = people[id]?.places.firstIndex(where: { $0.isMeant(by: change) }) else { return }
        people[id]?.places.remove(at: index)
        touched[id] = (change.file, change.line)
    }

    private mutating func removeBySource(_ change: StagedDelta.RoleChange) {
        for (id, person) in people {
            guard let index = person.places.firstIndex(where: { $0.sourceID == change.sourceID }) else { continue }
            people[id]?.places.remove(at: index)
            touched[id] = (change.file, change.line)
            return
        }
    }

    private mutating func put(_ change: StagedDelta.RoleChange) {
        guard let id = change.person, let place = change.place else { return }
        guard people[id] != nil else {
            return tell(.unknownReference, change.file, change.line, "userSourcedId")
        }
        let same = people[id]?.places.firstIndex { known in
            known.sourceID != nil && known.sourceID == place.sourceID
                || known.org == place.org && known.role == place.role && known.begin == place.begin
        }
        if let same { people[id]?.places[same] = place } else { people[id]?.places.append(place) }
        touched[id] = (change.file, change.line)
    }

    /// Each place is in an org that is there, and whoever the delta touches has one main place.
    private mutating func checkPlaces(goneOrgs: [StagedDelta.Change<StagedRoster.OrgRow>]) {
        let gone = Dictionary(goneOrgs.map { ($0.sourceID, $0.line) }) { first, _ in first }
        for (id, person) in people {
            for index in person.places.indices {
                let place = person.places[index]
                if let org = orgs[place.org] {
                    people[id]?.places[index].board = org.board
                } else if let line = gone[place.org] {
                    tell(.orgInUse, "orgs.csv", line, "sourcedId")
                } else if place.line > 0 {
                    let column = place.file == "roles.csv" ? "orgSourcedId" : "orgSourcedIds"
                    tell(.unknownReference, place.file, place.line, column)
                }
            }
            let main = person.places.filter(\.isPrimary)
            if let (file, line) = touched[id] {
                if main.count != 1 { tell(.primaryRole, file, line, nil) }
                people[id]?.board = main.first.flatMap { orgs[$0.org]?.board }
            }
        }
        problems = Array(Set(problems.map(Unique.init))).map(\.problem)
    }

    private mutating func tell(_ fact: ImportProblem.Fact, _ file: String, _ line: Int, _ column: String?) {
        problems.append(ImportProblem(fact, file: file, line: line, column: column))
    }

    /// Tells a problem once that many rows have.
    private struct Unique: Hashable {
        let problem: ImportProblem
        init(_ problem: ImportProblem) { self.problem = problem }
        static func == (left: Self, right: Self) -> Bool {
            left.problem.code == right.problem.code && left.problem.place == right.problem.place
        }
        func hash(into hasher: inout Hasher) { hasher.combine(problem.place) }
    }
}

extension ImportProblem {
    fileprivate static func ambiguous(_ file: String) -> ImportProblem { ImportProblem(.ambiguousID, file: file) }
}

extension StagedRoster.OrgRow {
    fileprivate init(_ org: Org, parent: String?, board: String?) {
        self.init(
            line: 0, sourceID: org.sourceID, board: board, parent: parent, kind: org.kind, title: org.title,
            zone: org.zone, locality: org.locality, isRemote: org.isRemote)
    }
}

extension StagedRoster.Place {
    fileprivate init(_ place: Assignment, org: String, board: String?) {
        self.init(
            file: "roles.csv", line: 0, sourceID: place.sourceID, org: org, board: board, role: place.role,
            isPrimary: place.isPrimary, begin: place.begin, end: place.end, share: place.share,
            isSecondment: place.isSecondment)
    }

    /// By the roster's name for it, or by what it is where that was never told.
    fileprivate func isMeant(by change: StagedDelta.RoleChange) -> Bool {
        if let sourceID { return sourceID == change.sourceID }
        return org == change.org && role == change.role
    }
}
