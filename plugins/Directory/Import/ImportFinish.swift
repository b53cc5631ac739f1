import DirectoryAPI
import ModuleKit

/// What is left to do of an import once it is decided, a slice in each write: events, the search index, and taking away
/// what was staged; later, what it replaced.
enum ImportFinish {
    static let kind = "directory.import_finish"
    /// How long an import may be open before it counts as failed: its call is over by then.
    static let openMax = Duration.seconds(600)
    /// How many events, or people of the search index, one write takes on.
    static let pendingMax = 200
    /// How many staged rows one write takes away.
    static let removedMax = 500

    static let job = JobKind(kind) { job, _, call in
        guard let found = try ImportJob.find(id: job.key, in: call.db) else { return }
        if let next = try step(found, call) { try call.schedule(job, at: next) }
    }

    /// Does the next slice.
    ///
    /// - Returns: when the one after it is due; nil if nothing is left to do.
    static func step(_ found: ImportJob, _ call: some WritingCall) throws -> Timestamp? {
        var job = found
        if job.state.isOpen {
            job.state = .failed
            try job.save(in: call.db)
        }
        let id = job.name.importJob
        let isIn = job.state == .applied || job.state == .reverted
        if isIn, try tell(id, call) { return call.now }
        if try remove(id, side: "A", isIn: isIn, call.db) { return call.now }
        if job.state == .applied, let limit = job.revertUntil, call.now < limit {
            return job.reverts == nil ? limit : nil
        }
        return try remove(id, side: "B", isIn: isIn, call.db) ? call.now : nil
    }

    /// An import of one of these boards, other than `id`, that is open or has left something: a later one outruns it.
    static func leftover(of boards: Set<String>, beside id: String, in db: some Queryable) throws -> ImportJob? {
        let ids: [String] = try db.query(
            """
            SELECT i.id
              FROM directory_imports AS i
             WHERE i.id <> ?1
               AND (i.state IN ('RECEIVED', 'VALIDATED', 'APPLYING')
                    OR i.state IN ('FAILED', 'REJECTED')
                   AND (EXISTS (SELECT 1 FROM directory_import_people AS p WHERE p.import_id = i.id AND p.side = 'A')
                    OR EXISTS (SELECT 1 FROM directory_import_places AS p WHERE p.import_id = i.id AND p.side = 'A')))
             ORDER BY i.id
            """,
            id
        ) { row in try row.get(0) }
        return try ids.lazy.compactMap { try ImportJob.find(id: $0, in: db) }
            .first { !boards.isDisjoint(with: $0.boards) }
    }

    /// Emits the events of people who left or moved, and brings the search index up to date for those of another name.
    ///
    /// - Returns: whether there is more.
    static func tell(_ id: String, _ call: some WritingCall) throws -> Bool {
        let pending = try call.db.query(
            """
            SELECT id, board_id, op, is_moved
              FROM directory_import_people
             WHERE import_id = ?1 AND side = 'A' AND is_pending = 1
             ORDER BY id
             LIMIT ?2
            """,
            id, pendingMax
        ) { row in
            (
                name: PersonName(board: try row.get(1), person: try row.get(0)), op: try row.get(2, String.self),
                isMoved: try row.get(3, Bool.self)
            )
        }
        for (name, op, isMoved) in pending {
            if op == "L" { try call.emit(.left(name)) }
            if op == "C", let person = try Person.find(name, in: call.db) {
                try Schema.peopleSearch.put(name.person, person.searchText, in: call.db)
            }
            if isMoved { try call.emit(.assignmentChanged(of: name)) }
            try call.db.execute(
                "UPDATE directory_import_people SET is_pending = 0 WHERE import_id = ?1 AND side = 'A' AND id = ?2",
                id, name.person)
        }
        return pending.count == pendingMax
    }

    /// Takes staged rows away; with those of people who did not come, what the search index knows of them.
    ///
    /// - Returns: whether there is more.
    static func remove(_ id: String, side: String, isIn: Bool, _ db: Transaction) throws -> Bool {
        if !isIn, side == "A" {
            let unborn: [String] = try db.query(
                """
                SELECT id FROM directory_import_people
                 WHERE import_id = ?1 AND side = 'A' AND op = 'N' ORDER BY id LIMIT ?2
                """,
                id, removedMax
            ) { row in try row.get(0) }
            for person in unborn {
                try Schema.peopleSearch.remove(person, in: db)
                // Their places go with them.
                try db.execute("DELETE FROM directory_people WHERE id = ?1 AND state = 'ERASED'", person)
            }
        }
        for statement in [removePeople, removePlaces, removeOrgs] {
            if try db.execute(statement, id, side, removedMax) > 0 { return true }
        }
        return false
    }

    private static let removePeople: SQL = """
        DELETE FROM directory_import_people
         WHERE import_id = ?1 AND side = ?2 AND id IN (
               SELECT id FROM directory_import_people
                WHERE import_id = ?1 AND side = ?2 ORDER BY id LIMIT ?3)
        """
    private static let removePlaces: SQL = """
        DELETE FROM directory_import_places
         WHERE import_id = ?1 AND side = ?2 AND id IN (
               SELECT id FROM directory_import_places
                WHERE import_id = ?1 AND side = ?2 ORDER BY id LIMIT ?3)
        """
    private static let removeOrgs: SQL = """
        DELETE FROM directory_import_orgs
         WHERE import_id = ?1 AND side = ?2 AND id IN (
               SELECT id FROM directory_import_orgs
                WHERE import_id = ?1 AND side = ?2 ORDER BY id LIMIT ?3)
        """
}
