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
        let plan = StagedPlan(plan)
        var slices: [@Sendable (Transaction) throws -> Void] = []
        for range in plan.orgCount.ranges(of: count) {
            slices.append { db in for index in range { try put(plan.org(index), db) } }
        }
        for range in plan.peopleCount.ranges(of: count) {
            slices.append { db in for index in range { try put(plan.person(index), db) } }
        }
        for range in plan.moves.count.ranges(of: count) {
            slices.append { db in for index in range { try putMove(plan.moves[index], db) } }
        }
        for range in plan.placeCount.ranges(of: count) {
            slices.append { db in
                for index in range {
                    let (op, place) = plan.place(index)
                    try put(op, place, isAhead: op == "N" && plan.arrives(place), db)
                }
            }
        }
        return slices
    }

    private func put(_ change: (op: String, org: Org), _ db: Transaction) throws {
        let (op, org) = change
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

    private func put(_ change: StagedPlan.PersonChange, _ db: Transaction) throws {
        let (person, details) = (change.person, change.person.details)
        if change.op == "N" {
            try bringAhead(person, db)
            try putMark("N", "A", person.name, db)
            if keepsBefore { try putMark("N", "B", person.name, db) }
            return
        }
        try db.execute(
            """
            INSERT INTO directory_import_people (
                import_id, side, id, op, frees_email, is_moved, is_pending, board_id, source_id, given_name,
                family_name, preferred_name, username, email, email_key, languages, staff_role, state, sort_key,
                revision, created_at, is_renamed, is_rekeyed)
            VALUES (?1, 'A', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, 1, ?19,
                    ?20, ?21)
            """,
            id, person.name.person, change.op, change.freesEmail, change.isMoved, change.isPending,
            person.name.board, person.sourceID, details.givenName, details.familyName, details.preferredName,
            details.username, details.email, details.emailKey, details.languages.joined(separator: ";"),
            details.staffRole, person.state, details.sortKey, person.createdAt, change.isRenamed, change.isRekeyed)
        if keepsBefore { try putBefore(change, db) }
    }

    /// Writes somebody who is new in the state ERASED, which no reader sees, with what the search index knows of them;
    /// `apply` lets all of them in at once. Nobody erased has an id in rosters: that tells them apart.
    ///
    /// - Throws: `.outrun` if another import is bringing the same person.
    private func bringAhead(_ person: Person, _ db: Transaction) throws {
        let details = person.details
        let count = try db.execute(
            """
            INSERT INTO directory_people (
                id, board_id, source_id, given_name, family_name, preferred_name, username, email, email_key,
                languages, staff_role, state, sort_key, revision, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'ERASED', ?12, 1, ?13)
            ON CONFLICT DO NOTHING
            """,
            person.name.person, person.name.board, person.sourceID, details.givenName, details.familyName,
            details.preferredName, details.username, details.email, details.emailKey,
            details.languages.joined(separator: ";"), details.staffRole, details.sortKey, person.createdAt)
        guard count == 1 else { throw ImportRefusal.outrun }
        try Schema.peopleSearch.put(person.name.person, person.searchText, in: db)
    }

    private func putBefore(_ change: StagedPlan.PersonChange, _ db: Transaction) throws {
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

    /// - Parameter isAhead: of somebody whom nobody sees yet: it is written at once if its org is there.
    private func put(_ op: String, _ place: Assignment, isAhead: Bool, _ db: Transaction) throws {
        let hasOrg: Int? = isAhead ? try db.value("SELECT 1 FROM directory_orgs WHERE id = ?1", place.org) : nil
        if hasOrg != nil { try place.insert(in: db) } else { try put("A", op, place, db) }
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

extension Int {
    /// The numbers below this one, at most `count` at a time.
    fileprivate func ranges(of count: Int) -> [Range<Int>] {
        stride(from: 0, to: self, by: count).map { $0..<Swift.min($0 + count, self) }
    }
}

extension ImportStage {
    /// What of it a board does not take along.
    static let leftOut = [
        "directory_imports", "directory_import_problems", "directory_import_orgs", "directory_import_people",
        "directory_import_places",
    ].map { table in
        LeftOutTable(
            table, fr: "Le travail d'une importation, gardé quelques jours pour pouvoir revenir en arrière.",
            en: "The work of an import, kept for some days so that it can be taken back.")
    }
}
