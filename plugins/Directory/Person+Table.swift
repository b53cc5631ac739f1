import DirectoryAPI
import ModuleKit

extension Person {
    /// Nil too for somebody whose record was erased.
    static func find(_ name: PersonName, in db: some Queryable) throws -> Person? {
        try db.first(
            """
            SELECT id, board_id, source_id, given_name, family_name, preferred_name, username, email, languages,
                   staff_role, state, sort_key, created_at, revision
              FROM directory_people
             WHERE id = ?1 AND board_id = ?2 AND state <> 'ERASED'
            """,
            name.person, name.board
        ) { row in try Person(row) }
    }

    /// The person with an id, of whichever board; nil too for somebody whose record was erased.
    static func find(id: String, in db: some Queryable) throws -> Person? {
        try db.first(
            """
            SELECT id, board_id, source_id, given_name, family_name, preferred_name, username, email, languages,
                   staff_role, state, sort_key, created_at, revision
              FROM directory_people
             WHERE id = ?1 AND state <> 'ERASED'
            """,
            id
        ) { row in try Person(row) }
    }

    /// Where the record of somebody stands, also after an erasure.
    static func state(_ name: PersonName, in db: some Queryable) throws -> State? {
        try db.value(
            "SELECT state FROM directory_people WHERE id = ?1 AND board_id = ?2", name.person, name.board)
    }

    /// The member of a board's staff with a mail address.
    static func find(email: String, board: String, in db: some Queryable) throws -> Person? {
        try db.first(
            """
            SELECT id, board_id, source_id, given_name, family_name, preferred_name, username, email, languages,
                   staff_role, state, sort_key, created_at, revision
              FROM directory_people                                   -- index: directory_people_by_email
             WHERE board_id = ?1 AND email_key = ?2 AND state IN ('INVITED', 'ACTIVE', 'SUSPENDED')
            """,
            board, Details.emailKey(email)
        ) { row in try Person(row) }
    }

    /// What a list of people leaves out.
    struct Filter {
        /// The beginnings of words of their names; empty for all.
        var query = ""
        /// The id of the org where they work; nil for any.
        var org: String?
        var showsLeft: Bool
        /// The board's word for the work, or a roster's role; nil for any.
        var role: String?
        /// Whether the main place is remote; nil for either.
        var isRemote: Bool?
        /// A language, also as part of a longer tag; nil for any.
        var language: String?

        /// Whether somebody who was found is listed: the same as the list's statement says.
        fileprivate func lets(_ person: Person, in db: some Queryable) throws -> Bool {
            guard showsLeft || person.state != .left else { return false }
            guard speaks(person) else { return false }
            guard org != nil || role != nil || isRemote != nil else { return true }
            let places = try Assignment.list(person: person.name.person, in: db)
            guard org.map({ org in places.contains { $0.org == org } }) ?? true else { return false }
            guard role.map({ $0 == person.details.staffRole || places.map(\.role).contains($0) }) ?? true else {
                return false
            }
            guard let isRemote else { return true }
            guard let main = places.first(where: \.isPrimary) else { return false }
            return try Org.find(OrgName(board: person.name.board, org: main.org), in: db)?.isRemote == isRemote
        }

        private func speaks(_ person: Person) -> Bool {
            guard let language = language?.lowercased() else { return true }
            return person.details.languages.map { $0.lowercased() }.contains {
                $0 == language || $0.hasPrefix(language + "-")
            }
        }
    }

    /// People of a board that come after a place in the list, by family name, then given name.
    static func list(
        board: String, _ filter: Filter, after: PageKey<[UInt8]>, limit: Int, in db: some Queryable
    ) throws -> [Person] {
        guard !filter.query.isEmpty else {
            return try rows(board, filter, after: after, limit: limit, in: db)
        }
        let found = try Schema.peopleSearch.match("\(board) \(filter.query)", limit: foundMax + 1, in: db)
        guard found.count > foundMax else {
            return try found.compactMap { try find(PersonName(board: board, person: $0), in: db) }
                .filter { try filter.lets($0, in: db) && $0.comes(after: after) }
                .sorted { $1.comes(after: $0.key) }
                .prefix(limit).map { $0 }
        }
        // So many that they lie close together in the list: they are picked out while its rows go by, in their order.
        var (people, place): ([Person], PageKey<[UInt8]>) = ([], after)
        while people.count < limit {
            let slice = try rows(board, filter, after: place, limit: foundMax, in: db)
            people += slice.filter { SearchIndex.finds(filter.query, in: $0.searchText) }
            guard slice.count == foundMax, let last = slice.last else { break }
            place = last.key
        }
        return Array(people.prefix(limit))
    }

    /// Where a person stands in the list of a board.
    var key: PageKey<[UInt8]> { PageKey(details.sortKey, name.person) }

    /// As the list's statement compares.
    private func comes(after key: PageKey<[UInt8]>) -> Bool {
        if details.sortKey == key.order { return key.id.utf8.lexicographicallyPrecedes(name.person.utf8) }
        return key.order.lexicographicallyPrecedes(details.sortKey)
    }

    /// As many people are looked up one by one at most.
    private static let foundMax = 500

    /// As `list`, without regard to the query.
    private static func rows(
        _ board: String, _ filter: Filter, after: PageKey<[UInt8]>, limit: Int, in db: some Queryable
    ) throws -> [Person] {
        try db.query(
            """
            SELECT id, board_id, source_id, given_name, family_name, preferred_name, username, email, languages,
                   staff_role, state, sort_key, created_at, revision
              FROM directory_people                                   -- index: directory_people_by_name
             WHERE board_id = ?1
               AND (sort_key, id) > (?2, ?3)
               AND state <> 'ERASED'
               AND (?4 = 1 OR state <> 'LEFT')
               AND (?5 IS NULL OR EXISTS (
                    SELECT 1 FROM directory_assignments AS a
                     WHERE a.org_id = ?5 AND a.person_id = directory_people.id))
               AND (?6 IS NULL OR staff_role = ?6 OR EXISTS (
                    SELECT 1 FROM directory_assignments AS a
                     WHERE a.person_id = directory_people.id AND a.role = ?6))
               AND (?7 IS NULL OR EXISTS (
                    SELECT 1
                      FROM directory_assignments AS a
                      JOIN directory_orgs AS o ON o.id = a.org_id
                     WHERE a.person_id = directory_people.id AND a.is_primary = 1 AND o.is_remote = ?7))
               AND (?8 IS NULL OR ';' || LOWER(languages) || ';' LIKE '%;' || ?8 || ';%'
                    OR ';' || LOWER(languages) || ';' LIKE '%;' || ?8 || '-%')
             ORDER BY sort_key, id
             LIMIT ?9
            """,
            board, after.order, after.id, filter.showsLeft, filter.org, filter.role, filter.isRemote,
            filter.language?.lowercased(), limit
        ) { row in try Person(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_people (
                id, board_id, source_id, given_name, family_name, preferred_name, username, email, email_key,
                languages, staff_role, state, sort_key, revision, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1, ?14)
            """,
            name.person, name.board, sourceID, details.givenName, details.familyName, details.preferredName,
            details.username, details.email, details.emailKey, details.languages.joined(separator: ";"),
            details.staffRole, state, details.sortKey, createdAt)
        try Schema.peopleSearch.put(name.person, searchText, in: db)
    }

    /// Writes all, as the next revision.
    func save(in db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_people
               SET source_id = ?2, given_name = ?3, family_name = ?4, preferred_name = ?5, username = ?6, email = ?7,
                   email_key = ?8, languages = ?9, staff_role = ?10, state = ?11, sort_key = ?12,
                   revision = revision + 1
             WHERE id = ?1
            """,
            name.person, sourceID, details.givenName, details.familyName, details.preferredName, details.username,
            details.email, details.emailKey, details.languages.joined(separator: ";"), details.staffRole, state,
            details.sortKey)
        try Schema.peopleSearch.put(name.person, searchText, in: db)
    }

    /// Lets go of a person's mail address until it is saved anew, so that another may take it meanwhile.
    static func freeEmail(_ person: String, in db: Transaction) throws {
        try db.execute("UPDATE directory_people SET email_key = NULL WHERE id = ?1", person)
    }

    static func renewSortKeys(in db: Transaction) throws {
        let names = try db.query("SELECT id, family_name, given_name FROM directory_people") { row in
            (id: try row.get(0, String.self), family: try row.get(1, String.self), given: try row.get(2, String.self))
        }
        for (id, family, given) in names {
            try db.execute(
                "UPDATE directory_people SET sort_key = ?2 WHERE id = ?1",
                id, Details.sortKey(family: family, given: given))
        }
    }

    /// Columns in the order of the statements above.
    init(_ row: borrowing Row) throws {
        name = PersonName(board: try row.get(1), person: try row.get(0))
        sourceID = try row.get(2)
        details = Details(
            givenName: try row.get(3), familyName: try row.get(4), preferredName: try row.get(5),
            username: try row.get(6), email: try row.get(7),
            languages: try row.get(8, String.self).split(separator: ";").map(String.init),
            staffRole: try row.get(9), sortKey: try row.get(11))
        state = try row.get(10)
        createdAt = try row.get(12)
        revision = try row.get(13)
    }
}
