import Calendar

/// Reads the rows of `roles.csv` (1.2) into the people's places.
struct RoleTable {
    static let fileName = "roles.csv"

    private enum RoleType: String, CaseIterable { case primary, secondary }

    private struct Place: Hashable {
        var user: String, org: String
        var role: OneRosterRole
        var begin: CivilDate?
    }

    let file: RosterFile
    let users: References
    let orgs: References

    /// The places by person, in the order of the file, and the people of whom a row was refused.
    func assignments(
        _ problems: inout ProblemList
    ) -> (byUser: [String: [Roster.Assignment]], refused: Set<String>) {
        var byUser: [String: [Roster.Assignment]] = [:]
        var refused: Set<String> = []
        var places: Set<Place> = []
        for row in file.rows {
            let userID = row.required("userSourcedId", &problems)
            let isKnown = userID.map { users.check($0, from: row, "userSourcedId", &problems) } ?? false
            guard let assignment = assignment(row, &problems), let userID, isKnown else {
                if let userID { refused.insert(userID) }
                continue
            }
            let place = Place(user: userID, org: assignment.orgID, role: assignment.role, begin: assignment.begin)
            if places.insert(place).inserted {
                byUser[userID, default: []].append(assignment)
            } else {
                row.report(RelationFact.sameAssignment(org: assignment.orgID), "orgSourcedId", &problems)
            }
        }
        return (byUser, refused)
    }

    /// Of a delta: each row by itself.
    func changes(_ problems: inout ProblemList) -> [Roster.RoleChange] {
        file.rows.compactMap { row in
            if row.isDeleted, let id = row["sourcedId"] {
                return .deleted(
                    line: row.line, sourcedID: id, userID: row["userSourcedId"], orgID: row["orgSourcedId"],
                    role: row["role"])
            }
            let userID = row.required("userSourcedId", &problems)
            guard let assignment = assignment(row, &problems), let userID else { return nil }
            return .active(userID: userID, assignment)
        }
    }

    private func assignment(_ row: RosterRow, _ problems: inout ProblemList) -> Roster.Assignment? {
        let type = row.choice("roleType", of: RoleType.allCases, &problems)
        let role = row.choice("role", of: OneRosterRole.roles(in: .v12), &problems)
        let (begin, end) = (row.date("beginDate", &problems), row.date("endDate", &problems))
        if let begin, let end, end < begin { row.report(ValueFact.endBeforeBegin, "endDate", &problems) }
        let share = row.share("metadata.cordee.share", &problems)
        let isSecondment = row.flag("metadata.cordee.secondment", &problems) ?? false
        let orgID = row.required("orgSourcedId", &problems)
        guard let orgID, orgs.check(orgID, from: row, "orgSourcedId", &problems), let id = row["sourcedId"], let type,
            let role
        else { return nil }
        return Roster.Assignment(
            file: Self.fileName, line: row.line, sourcedID: id, orgID: orgID, role: role, isPrimary: type == .primary,
            begin: begin, end: end, share: share, isSecondment: isSecondment)
    }

    /// Gives each person their places, the primary one first, and tells of enabled people with none or two primary.
    func assign(to users: [Roster.User], _ problems: inout ProblemList) -> [Roster.User] {
        let (byUser, refused) = assignments(&problems)
        return users.map { user in
            var user = user
            let places = byUser[user.sourcedID] ?? []
            user.assignments = places.filter(\.isPrimary) + places.filter { !$0.isPrimary }
            guard user.isEnabled else { return user }
            let primaries = places.filter(\.isPrimary)
            // A refused row may have been the primary one, so its own problem is enough.
            if primaries.isEmpty, file.isComplete, !refused.contains(user.sourcedID) {
                let fact = RelationFact.noPrimaryRole(user: user.sourcedID)
                problems.add(fact, file: UserTable.fileName, line: user.line)
            }
            for second in primaries.dropFirst() {
                let fact = RelationFact.secondPrimaryRole(user: user.sourcedID, line: primaries[0].line)
                problems.add(fact, file: Self.fileName, line: second.line, column: "roleType")
            }
            return user
        }
    }
}
