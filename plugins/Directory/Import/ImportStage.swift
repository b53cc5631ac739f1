import DirectoryAPI
import ModuleKit

/// Writes the rows of an import beside the directory, slice by slice, where nobody sees them; `apply` brings them in by
/// a few statements.
struct ImportStage: Sendable {
    /// The import's id.
    let id: String
    /// Whether what the import replaces is kept, to take it back.
    var keepsBefore = true

    /// The slices of a plan, each to be written in a write of its own.
    ///
    /// The search index is written ahead for people who are new: a search shows nobody who is not there.
    func slices(of plan: RosterPlan, rows count: Int) -> [@Sendable (Transaction) throws -> Void] {
        let moved = Set(plan.moved)
        let freed = Set(plan.freedEmails)
        let changed = Set((plan.changedPeople + plan.leavers).map(\.name))
        let people =
            plan.newPeople.map { PersonChange("N", $0) }
            + plan.changedPeople.map { person in
                PersonChange(
                    "C", person, freesEmail: freed.contains(person.name.person), isMoved: moved.contains(person.name),
                    isPending: plan.renamed.contains(person.name))
            }
            + plan.leavers.map { PersonChange("L", $0, isMoved: moved.contains($0.name), isPending: true) }
        let others = plan.moved.filter { !changed.contains($0) }
        let orgs = plan.newOrgs.map { ("N", $0) } + plan.changedOrgs.map { ("C", $0) }
        let places =
            plan.newAssignments.map { ("N", $0) } + plan.changedAssignments.map { ("C", $0) }
            + plan.endedAssignments.map { ("E", $0) }
        var slices: [@Sendable (Transaction) throws -> Void] = []
        for slice in orgs.slices(of: count) { slices.append { db in for (op, org) in slice { try put(op, org, db) } } }
        for slice in people.slices(of: count) {
            slices.append { db in for change in slice { try put(change, db) } }
        }
        for slice in others.slices(of: count) { slices.append { db in for name in slice { try putMove(name, db) } } }
        for slice in places.slices(of: 2 * count) {
            slices.append { db in for (op, place) in slice { try put(op, place, db) } }
        }
        return slices
    }

    private struct PersonChange: Sendable {
        var op: String
        var person: Person
        var freesEmail = false
        var isMoved = false
        /// Whether there is something to do once it is applied: an event, or the search index.
        var isPending = false

        init(
            _ op: String, _ person: Person, freesEmail: Bool = false, isMoved: Bool = false, isPending: Bool = false
        ) {
            (self.op, self.person) = (op, person)
            (self.freesEmail, self.isMoved) = (freesEmail, isMoved)
            self.isPending = isPending || isMoved
        }
    }

    private func put(_ op: String, _ org: Org, _ db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_import_orgs (
                import_id, side, id, op, board_id, parent_id, source_id, kind, title, zone, locality, is_remote,
                is_active, sort_key, revision, created_at)
            VALUES (?1, 'A', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1, ?14)
            """,
            id, org.name.org, op, org.name.board, org.parent, org.sourceID, org.kind, org.title, org.zone,
            org.locality, org.isRemote, org.isActive, org.sortKey, org.createdAt)
        guard keepsBefore else { return }
        try db.execute(
            """
            INSERT INTO directory_import_orgs (
                import_id, side, id, op, board_id, parent_id, source_id, kind, title, zone, locality, is_remote,
                is_active, sort_key, revision, created_at)
            SELECT ?1, 'B', id, 'C', board_id, parent_id, source_id, kind, title, zone, locality, is_remote,
                   is_active, sort_key, revision, created_at
              FROM directory_orgs
             WHERE id = ?2
            """,
            id, org.name.org)
        guard op == "N" else { return }
        try db.execute(
            """
            INSERT INTO directory_import_orgs (
                import_id, side, id, op, board_id, source_id, kind, title, zone, locality, is_remote, is_active,
                sort_key, revision, created_at)
            VALUES (?1, 'B', ?2, 'N', ?3, '', ?4, '', '', '', 0, 0, x'', 0, ?5)
            """,
            id, org.name.org, org.name.board, org.kind, org.createdAt)
    }

    private func put(_ change: PersonChange, _ db: Transaction) throws {
        let (person, details) = (change.person, change.person.details)
        try db.execute(
            """
            INSERT INTO directory_import_people (
                import_id, side, id, op, frees_email, is_moved, is_pending, board_id, source_id, given_name,
                family_name, preferred_name, username, email, email_key, languages, staff_role, state, sort_key,
                revision, created_at)
            VALUES (?1, 'A', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, 1, ?19)
            """,
            id, person.name.person, change.op, change.freesEmail, change.isMoved, change.isPending,
            person.name.board, person.sourceID, details.givenName, details.familyName, details.preferredName,
            details.username, details.email, details.emailKey, details.languages.joined(separator: ";"),
            details.staffRole, person.state, details.sortKey, person.createdAt)
        if change.op == "N" { try Schema.peopleSearch.put(person.name.person, person.searchText, in: db) }
        guard keepsBefore else { return }
        if change.op == "N" { try putMark("N", "B", person.name, db) } else { try putBefore(change, db) }
    }

    private func putBefore(_ change: PersonChange, _ db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_import_people (
                import_id, side, id, op, frees_email, is_moved, is_pending, board_id, source_id, given_name,
                family_name, preferred_name, username, email, email_key, languages, staff_role, state, sort_key,
                revision, created_at)
            SELECT ?1, 'B', id, ?3, 0, 0, 0, board_id, source_id, given_name, family_name, preferred_name, username,
                   email, email_key, languages, staff_role, state, sort_key, revision, created_at
              FROM directory_people
             WHERE id = ?2
            """,
            id, change.person.name.person, change.op)
    }

    private func putMove(_ name: PersonName, _ db: Transaction) throws { try putMark("M", "A", name, db) }

    /// A row that says nothing of a person but the id.
    private func putMark(_ op: String, _ side: String, _ name: PersonName, _ db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_import_people (
                import_id, side, id, op, frees_email, is_moved, is_pending, board_id, given_name, family_name,
                preferred_name, username, email, languages, staff_role, state, sort_key, revision, created_at)
            VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5, ?6, '', '', '', '', '', '', '', '', x'', 0, 0)
            """,
            id, side, name.person, op, op == "M", name.board)
    }

    private func put(_ op: String, _ place: Assignment, _ db: Transaction) throws {
        try put("A", op, place, db)
        guard keepsBefore else { return }
        guard op != "N" else { return try put("B", op, place, db) }
        try db.execute(
            """
            INSERT INTO directory_import_places (
                import_id, side, id, op, worker, org_id, role, is_primary, begin_on, end_on, source_id, share,
                is_secondment)
            SELECT ?1, 'B', id, ?3, person_id, org_id, role, is_primary, begin_on, end_on, source_id, share,
                   is_secondment
              FROM directory_assignments
             WHERE id = ?2
            """,
            id, place.id, op)
    }

    private func put(_ side: String, _ op: String, _ place: Assignment, _ db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_import_places (
                import_id, side, id, op, worker, org_id, role, is_primary, begin_on, end_on, source_id, share,
                is_secondment)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """,
            id, side, place.id, op, place.person, place.org, place.role, place.isPrimary, place.begin?.description,
            place.end?.description, place.sourceID, place.share, place.isSecondment)
    }
}

extension ImportStage {
    /// Takes away what is staged or kept of a person who is erased: an import that concerned them is not reverted.
    static func forget(_ person: String, in db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_imports
               SET has_erased = 1
             WHERE id IN (SELECT import_id FROM directory_import_people WHERE id = ?1)
                OR id IN (SELECT import_id FROM directory_import_places WHERE worker = ?1)
            """,
            person)
        try db.execute("DELETE FROM directory_import_people WHERE id = ?1", person)
        try db.execute("DELETE FROM directory_import_places WHERE worker = ?1", person)
    }
}

extension Array {
    /// The elements in their order, at most `count` at a time.
    fileprivate func slices(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
