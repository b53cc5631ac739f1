import DirectoryAPI
import ModuleKit

/// Why an import is not taken back.
enum RevertRefusal: Error, Equatable {
    enum Conflict: String {
        /// Another import came after it.
        case laterImport = "LATER_IMPORT"
        /// Somebody whom it concerned was erased since.
        case personErased = "PERSON_ERASED"
        /// Somebody, or an org, was changed since by other means.
        case laterChange = "LATER_CHANGE"
        /// A mail address that somebody had before is somebody else's now.
        case emailTaken = "EMAIL_TAKEN"
    }

    case notApplied(ImportJob.State)
    case tooLate
    case conflict(Conflict)
}

extension ImportJob {
    func checkRevertible(at now: Timestamp, in db: some Queryable) throws {
        guard state == .applied, let revertUntil else { throw RevertRefusal.notApplied(state) }
        guard now < revertUntil else { throw RevertRefusal.tooLate }
        guard !hasErased else { throw RevertRefusal.conflict(.personErased) }
        let later = try Self.applied(after: self, in: db)
        guard !later.contains(where: { !Set($0.boards).isDisjoint(with: boards) }) else {
            throw RevertRefusal.conflict(.laterImport)
        }
    }
}

extension RosterPlan {
    /// Plans what brings everything that an import changed back to what it was.
    ///
    /// Whom the import brought counts as having left, and its orgs as closed: what refers to them meanwhile stays true.
    ///
    /// - Throws: `RevertRefusal.conflict`; `.lastBoardLead` if a board would have no lead.
    init(reverting job: ImportJob, onto rows: DirectoryRows, in db: some Queryable) throws {
        let before = try BeforeRows(job.name.importJob, in: db)
        try planOrgs(before, rows)
        try planPeople(before, rows)
        try planPlaces(before, rows)
        try checkLeads(rows.leads)
    }

    /// Nothing yet.
    private init() {}

    private mutating func planOrgs(_ before: BeforeRows, _ rows: DirectoryRows) throws {
        let current = Dictionary(rows.orgs.map { ($0.name.org, $0) }) { first, _ in first }
        for (op, org) in before.orgs {
            guard var now = current[org.name.org], now.revision == org.revision + 1 else {
                throw RevertRefusal.conflict(.laterChange)
            }
            if op == "N" {
                now.isActive = false
                orgs.deactivated += 1
            } else {
                now = org
                orgs.updated += 1
            }
            changedOrgs.append(now)
        }
    }

    private mutating func planPeople(_ before: BeforeRows, _ rows: DirectoryRows) throws {
        let current = Dictionary(rows.people.map { ($0.name.person, $0) }) { first, _ in first }
        for (op, person) in before.people {
            // Rows of those who were erased are not read.
            guard let now = current[person.name.person] else { throw RevertRefusal.conflict(.personErased) }
            if op == "N" { leave(now) } else { try restore(person, now) }
        }
        people.deactivated = leavers.count
        people.updated = changedPeople.count
        try checkEmails(rows)
    }

    private mutating func leave(_ person: Person) {
        guard person.state.isStaff else { return }
        var person = person
        person.state = .left
        leavers.append(person)
    }

    private mutating func restore(_ before: Person, _ now: Person) throws {
        var person = before
        // Somebody who was invited may have signed in since: that is no change of what the import wrote.
        let signedIn = now.revision == before.revision + 2 && now.state == .active
        guard now.revision == before.revision + 1 || signedIn else { throw RevertRefusal.conflict(.laterChange) }
        if signedIn, before.state == .invited { person.state = .active }
        if now.details.emailKey != person.details.emailKey { freedEmails.append(person.name.person) }
        if now.searchText != person.searchText { renamed.insert(person.name) }
        if person.isFound(otherThan: now) { rekeyed.insert(person.name) }
        if person.state == .left, now.state.isStaff {
            // Who left has a name all the same: the words stay, the state says it.
            var leaver = now
            leaver.state = .left
            leavers.append(leaver)
            return
        }
        if now.state == .left, person.state.isStaff { returners += 1 }
        changedPeople.append(person)
    }

    private func checkEmails(_ rows: DirectoryRows) throws {
        let gone = Set(leavers.map(\.name))
        let changed = Dictionary(changedPeople.map { ($0.name, $0) }) { first, _ in first }
        var emails: Set<BoardKey> = []
        for row in rows.people where !gone.contains(row.name) {
            let person = changed[row.name] ?? row
            guard person.state.isStaff, let email = person.details.emailKey else { continue }
            guard emails.insert(BoardKey(person.name.board, email)).inserted else {
                throw RevertRefusal.conflict(.emailTaken)
            }
        }
    }

    private mutating func planPlaces(_ before: BeforeRows, _ rows: DirectoryRows) throws {
        let current = Dictionary(rows.assignments.map { ($0.id, $0) }) { first, _ in first }
        let names = Dictionary(rows.people.map { ($0.name.person, $0.name) }) { first, _ in first }
        let leaving = Set(leavers.map(\.name))
        for (op, place) in before.places {
            guard let name = names[place.person] else { throw RevertRefusal.conflict(.personErased) }
            switch (op, current[place.id]) {
            case ("N", let now?): endedAssignments.append(now)
            case ("C", .some): changedAssignments.append(place)
            case ("E", nil): newAssignments.append(place)
            default: throw RevertRefusal.conflict(.laterChange)
            }
            if !leaving.contains(name) { moved.append(name) }
        }
        moved = Array(Set(moved)).sorted { $0.person < $1.person }
        assignments.created = newAssignments.count
        assignments.updated = changedAssignments.count
        assignments.deactivated = endedAssignments.count
        try checkMainPlaces(rows)
    }

    /// The table allows one main place at any moment.
    private func checkMainPlaces(_ rows: DirectoryRows) throws {
        let ended = Set(endedAssignments.map(\.id))
        let changed = Dictionary(changedAssignments.map { ($0.id, $0) }) { first, _ in first }
        let after = rows.assignments.filter { !ended.contains($0.id) }.map { changed[$0.id] ?? $0 } + newAssignments
        var people: Set<String> = []
        for place in after where place.isPrimary {
            guard people.insert(place.person).inserted else { throw RevertRefusal.conflict(.laterChange) }
        }
    }
}

/// What an import replaced.
private struct BeforeRows {
    let orgs: [(op: String, org: Org)]
    let people: [(op: String, person: Person)]
    let places: [(op: String, place: Assignment)]

    init(_ id: String, in db: some Queryable) throws {
        orgs = try db.query(
            """
            SELECT id, board_id, parent_id, source_id, kind, title, zone, locality, is_remote, is_active, revision,
                   created_at, op
              FROM directory_import_orgs
             WHERE import_id = ?1 AND side = 'B'
             ORDER BY id
            """,
            id
        ) { row in (try row.get(12), try Org(row)) }
        people = try db.query(
            """
            SELECT id, board_id, source_id, given_name, family_name, preferred_name, username, email, languages,
                   staff_role, CASE state WHEN '' THEN 'INVITED' ELSE state END, sort_key, created_at, revision, op
              FROM directory_import_people
             WHERE import_id = ?1 AND side = 'B'
             ORDER BY id
            """,
            id
        ) { row in (try row.get(14), try Person(row)) }
        places = try db.query(
            """
            SELECT id, worker, org_id, role, is_primary, begin_on, end_on, source_id, share, is_secondment, op
              FROM directory_import_places
             WHERE import_id = ?1 AND side = 'B'
             ORDER BY id
            """,
            id
        ) { row in (try row.get(10), try Assignment(row)) }
    }
}

extension RevertRefusal: StatusConvertible {
    var status: Status {
        switch self {
        case .notApplied(let state):
            Status(
                .failedPrecondition, "IMPORT_NOT_APPLIED",
                fr: "Cette importation n'est pas en vigueur (\(state.rawValue)).",
                en: "This import is not in effect (\(state.rawValue)).", metadata: ["state": state.rawValue])
        case .tooLate:
            Status(
                .failedPrecondition, "REVERT_TOO_LATE",
                fr: "Le délai pour annuler cette importation est passé.",
                en: "The time to revert this import is over.")
        case .conflict(let conflict):
            Status(
                .failedPrecondition, "REVERT_CONFLICT",
                fr: "Ce que l'importation a écrit a changé depuis (\(conflict.rawValue)).",
                en: "What the import wrote has changed since (\(conflict.rawValue)).",
                metadata: ["conflict": conflict.rawValue])
        }
    }
}
