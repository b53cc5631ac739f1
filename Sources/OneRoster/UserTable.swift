/// Reads the rows of `users.csv`; in 1.1 they hold the people's places too.
struct UserTable {
    static let fileName = "users.csv"

    let file: RosterFile
    let version: OneRosterVersion
    let orgs: References

    func users(_ problems: inout ProblemList) -> [Roster.User] {
        var lines: [String: Int] = [:]
        return file.rows.compactMap { row in
            guard !row.isDeleted else { return deleted(row) }
            checkUsername(row, &lines, &problems)
            return user(row, &problems)
        }
    }

    /// Unique over all boards, since a person signs in by it; also those of people who have left.
    private func checkUsername(_ row: RosterRow, _ lines: inout [String: Int], _ problems: inout ProblemList) {
        guard let username = row["username"].map(EmailSyntax.folded) else { return }
        if let first = lines[username] {
            row.report(RelationFact.sameUsername(line: first), "username", &problems)
        } else {
            lines[username] = row.line
        }
    }

    private func deleted(_ row: RosterRow) -> Roster.User? {
        guard let id = row["sourcedId"] else { return nil }
        return Roster.User(
            line: row.line, sourcedID: id, isEnabled: false, username: "", givenName: "", familyName: "", languages: [],
            assignments: [], isDeleted: true)
    }

    private func user(_ row: RosterRow, _ problems: inout ProblemList) -> Roster.User? {
        let isEnabled = row.flag("enabledUser", &problems)
        if row["enabledUser"] == nil { _ = row.required("enabledUser", &problems) }
        let username = row.required("username", &problems)
        let givenName = row.required("givenName", &problems)
        let familyName = row.required("familyName", &problems)
        let email = row.email("email", &problems)
        let languages = row.languages("metadata.cordee.languages", &problems)
        let assignments = assignments(row, &problems)
        guard let id = row["sourcedId"], let isEnabled, let username, let givenName, let familyName else { return nil }
        return Roster.User(
            line: row.line, sourcedID: id, isEnabled: isEnabled, username: username, givenName: givenName,
            familyName: familyName, middleName: row["middleName"], preferredGivenName: row["preferredGivenName"],
            preferredMiddleName: row["preferredMiddleName"], preferredFamilyName: row["preferredFamilyName"],
            email: email, identifier: row["identifier"], staffRole: row["metadata.cordee.staffRole"],
            languages: languages, assignments: assignments)
    }

    private func assignments(_ row: RosterRow, _ problems: inout ProblemList) -> [Roster.Assignment] {
        switch version {
        case .v11: return listedAssignments(row, &problems)
        case .v12:
            // Their places are the rows of roles.csv; this reference is only checked.
            let column = "primaryOrgSourcedId"
            if let org = row[column] { _ = orgs.check(org, from: row, column, &problems) }
            return []
        }
    }

    /// 1.1: one role for all organisations of a comma-separated list, the first of which is the primary one.
    private func listedAssignments(_ row: RosterRow, _ problems: inout ProblemList) -> [Roster.Assignment] {
        let column = "orgSourcedIds"
        let role = row.choice("role", of: OneRosterRole.roles(in: .v11), &problems)
        guard let list = row.required(column, &problems) else { return [] }
        let ids = list.split(separator: ",").map(String.init)
        if ids.isEmpty { row.report(ValueFact.requiredEmpty, column, &problems) }
        var seen: Set<String> = []
        var assignments: [Roster.Assignment] = []
        for id in ids where orgs.check(id, from: row, column, &problems) {
            guard seen.insert(id).inserted else {
                row.report(RelationFact.sameAssignment(org: id), column, &problems)
                continue
            }
            guard let role else { continue }
            assignments.append(
                Roster.Assignment(
                    file: Self.fileName, line: row.line, sourcedID: nil, orgID: id, role: role,
                    isPrimary: assignments.isEmpty, begin: nil, end: nil))
        }
        return assignments
    }
}
