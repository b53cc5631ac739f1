import DirectoryAPI
import ModuleKit

extension DirectoryPeople {
    // Two statements: a look-up is made for each connection whenever anybody's access has changed.
    func caller(person id: String, at now: Timestamp, in db: some Queryable) throws -> Caller? {
        let person = try db.first(
            """
            SELECT id, board_id, source_id, given_name, family_name, preferred_name, username, email, languages,
                   staff_role, state, sort_key, created_at, revision
              FROM directory_people
             WHERE id = ?1 AND state IN ('INVITED', 'ACTIVE')
            """,
            id
        ) { row in try Person(row) }
        guard let person else { return nil }
        let grants = try Grant.list(person: id, at: now, in: db)
        var caller = Caller(
            .person(id: id, board: person.name.board),
            roles: Self.roles(home: person.name.board, grants.filter { $0.holds(at: now) }),
            displayName: person.details.displayName)
        caller.validUntil = Self.nextChange(of: grants, after: now)
        return caller
    }

    /// What the grants give, and `STAFF` of each board that a person has to do with.
    static func roles(home: String, _ grants: [Grant]) -> [Caller.HeldRole] {
        var boards = [home]
        for grant in grants where !boards.contains(grant.name.board) { boards.append(grant.name.board) }
        return boards.map { Caller.HeldRole(.staff, board: $0) }
            + grants.map { Caller.HeldRole(Role($0.role), board: $0.name.board, org: $0.org) }
    }

    /// When the first of the grants begins or ends.
    static func nextChange(of grants: [Grant], after now: Timestamp) -> Timestamp {
        grants.flatMap { [$0.start, $0.end ?? .max] }.filter { $0 > now }.min() ?? .max
    }
}
