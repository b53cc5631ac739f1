import DirectoryAPI
import ModuleKit

/// The directory as the other modules and the daemon know it.
struct DirectoryPeople: PeopleDirectory {
    func member(_ person: String, of board: String, in db: some Queryable) throws -> StaffMember? {
        guard let person = try Person.find(PersonName(board: board, person: person), in: db) else { return nil }
        return try member(person, in: db)
    }

    func state(of person: String, of board: String, in db: some Queryable) throws -> PersonState? {
        switch try Person.state(PersonName(board: board, person: person), in: db) {
        case nil: nil
        case .invited, .active, .suspended: .staff
        case .left: .left
        case .erased: .erased
        }
    }

    func departed(
        after id: String, limit: Int, in db: some Queryable
    ) throws -> [(id: String, board: String)] {
        try Departed.list(after: id, limit: limit, in: db)
    }

    func member(email: String, in boards: [String], in db: some Queryable) throws -> StaffMember? {
        for board in boards {
            guard let person = try Person.find(email: email, board: board, in: db) else { continue }
            return try member(person, in: db)
        }
        return nil
    }

    /// Nil for somebody who has left.
    private func member(_ person: Person, in db: some Queryable) throws -> StaffMember? {
        guard person.state.isStaff else { return nil }
        let orgs = try db.query(
            """
            SELECT a.org_id, o.is_remote
              FROM directory_assignments AS a                         -- index: directory_assignments_by_person
              JOIN directory_orgs AS o ON o.id = a.org_id
             WHERE a.person_id = ?1
             ORDER BY a.is_primary DESC, a.id
            """,
            person.name.person
        ) { row in (id: try row.get(0, String.self), isRemote: try row.get(1, Bool.self)) }
        return StaffMember(
            id: person.name.person, board: person.name.board, displayName: person.details.displayName,
            orgs: orgs.map(\.id), isRemote: orgs.first?.isRemote ?? false)
    }
}
