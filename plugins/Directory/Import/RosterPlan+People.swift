import DirectoryAPI
import ModuleKit
import OneRoster

extension RosterPlan {
    /// Matches people by what the roster calls them; a person whom no roster has named yet, by the mail address.
    ///
    /// - Returns: the names of the roster's people by what it calls them.
    /// - Throws: `.rejected` for a mail address of somebody else who stays.
    mutating func planPeople(
        _ staff: [StagedRoster.PersonRow], _ roster: StagedRoster, _ rows: DirectoryRows, at now: Timestamp,
        newID: () -> String
    ) throws(ImportRefusal) -> [String: PersonName] {
        var known = KnownPeople(rows.people)
        var names: [String: PersonName] = [:]
        // The lines where they are.
        var emails: [BoardKey: Int] = [:]
        var usernames: [BoardKey: Int] = [:]
        var problems: [ImportProblem] = []
        for row in staff {
            guard let board = row.board.flatMap({ rows.boards[$0] }) else { continue }
            if let email = row.details.emailKey, emails.updateValue(row.line, forKey: BoardKey(board, email)) != nil {
                problems.append(ImportProblem(.emailTaken, file: "users.csv", line: row.line, column: "email"))
            }
            let username = BoardKey(board, Person.Details.emailKey(row.details.username))
            if !row.details.username.isEmpty, let other = usernames.updateValue(row.line, forKey: username) {
                let line = max(row.line, other)
                problems.append(ImportProblem(.usernameTaken, file: "users.csv", line: line, column: "username"))
            }
            if let person = known.take(row, in: board) {
                names[row.sourceID] = person.name
                plan(row, for: person)
            } else {
                let name = PersonName(board: board, person: newID())
                names[row.sourceID] = name
                newPeople.append(
                    Person(name: name, sourceID: row.sourceID, details: row.details, state: .invited, createdAt: now))
            }
        }
        people.created = newPeople.count
        for person in known.unnamed.values {
            guard let email = person.details.emailKey, let line = emails[BoardKey(person.name.board, email)] else {
                continue
            }
            problems.append(ImportProblem(.emailTaken, file: "users.csv", line: line, column: "email"))
        }
        try roster.refuseIfAny(problems)
        endPeople(known.named.values.filter(\.state.isStaff), of: rows)
        return names
    }

    private mutating func plan(_ row: StagedRoster.PersonRow, for before: Person) {
        var person = before
        person.sourceID = row.sourceID
        person.details = row.details.completed(by: before.details)
        if before.state == .left {
            person.state = .invited
            returners += 1
        }
        let isSame =
            person.sourceID == before.sourceID && person.state == before.state
            && person.details.isIdentical(to: before.details)
        guard !isSame else {
            people.unchanged += 1
            return
        }
        if let email = before.details.emailKey, email != person.details.emailKey {
            freedEmails.append(before.name.person)
        }
        if person.searchText != before.searchText { renamed.insert(person.name) }
        if person.isFound(otherThan: before) { rekeyed.insert(person.name) }
        changedPeople.append(person)
        people.updated += 1
    }

    private mutating func endPeople(_ gone: [Person], of rows: DirectoryRows) {
        for person in rows.people where person.sourceID != nil && person.state.isStaff {
            departures[person.name.board, default: Departures()].staff += 1
        }
        for var person in gone.sorted(by: { $0.name.person < $1.name.person }) {
            departures[person.name.board, default: Departures()].leaving += 1
            person.state = .left
            leavers.append(person)
        }
        people.deactivated = leavers.count
    }
}

/// The people of the directory who are not yet matched with a row.
private struct KnownPeople {
    /// By what a roster calls them.
    var named: [BoardKey: Person] = [:]
    /// By mail address: founding leads whom no roster has named.
    var unnamed: [BoardKey: Person] = [:]

    init(_ people: [Person]) {
        for person in people {
            if let sourceID = person.sourceID {
                named[BoardKey(person.name.board, sourceID)] = person
            } else if person.state.isStaff, let email = person.details.emailKey {
                unnamed[BoardKey(person.name.board, email)] = person
            }
        }
    }

    /// Somebody else who once had the address is no match: a new person must not get an old one's roles with it.
    mutating func take(_ row: StagedRoster.PersonRow, in board: String) -> Person? {
        if let person = named.removeValue(forKey: BoardKey(board, row.sourceID)) { return person }
        return row.details.emailKey.flatMap { unnamed.removeValue(forKey: BoardKey(board, $0)) }
    }
}

extension Person.Details {
    /// What a roster leaves out because it has no column for it stays as it was.
    fileprivate func completed(by before: Self) -> Self {
        var details = self
        if languages.isEmpty { details.languages = before.languages }
        if staffRole.isEmpty { details.staffRole = before.staffRole }
        // Who chose one keeps it until a roster says another.
        if preferredName.isEmpty { details.preferredName = before.preferredName }
        return details
    }
}
