import DirectoryAPI
import ModuleKit

/// A person's offer to help the staff of their board with a competency. They make it themselves, and take it back.
struct Expertise: Resource, Equatable {
    let name: ExpertiseName
    /// The id of the person.
    let person: String
    /// The identifier of the competency.
    let competency: String
    /// Language tags, as they are compared: in lower case.
    var languages: [String]
    let createdAt: Timestamp
    /// The person's name and time zone, read with it.
    var displayName = ""
    var zone = ""

    var belonging: Belonging { Belonging(board: name.board, person: person) }
}

extension Expertise {
    /// Nil too while the person does not work here.
    static func find(_ name: ExpertiseName, in db: some Queryable) throws -> Expertise? {
        try db.first(
            """
            SELECT e.id, e.board_id, e.person_id, e.competency, e.languages, e.created_at, p.given_name,
                   p.family_name, p.preferred_name, COALESCE(o.zone, '')
              FROM directory_expertise AS e
              JOIN directory_people AS p ON p.id = e.person_id AND p.state IN ('INVITED', 'ACTIVE')
              LEFT JOIN directory_assignments AS a ON a.person_id = e.person_id AND a.is_primary = 1
              LEFT JOIN directory_orgs AS o ON o.id = a.org_id
             WHERE e.id = ?1 AND e.board_id = ?2
            """,
            name.expertise, name.board
        ) { row in try Expertise(row) }
    }

    /// All offers of a person, whether they work here or not.
    static func all(person: String, in db: some Queryable) throws -> [Expertise] {
        try db.query(
            """
            SELECT e.id, e.board_id, e.person_id, e.competency, e.languages, e.created_at, p.given_name,
                   p.family_name, p.preferred_name, COALESCE(o.zone, '')
              FROM directory_expertise AS e                           -- index: directory_expertise_by_person
              JOIN directory_people AS p ON p.id = e.person_id
              LEFT JOIN directory_assignments AS a ON a.person_id = e.person_id AND a.is_primary = 1
              LEFT JOIN directory_orgs AS o ON o.id = a.org_id
             WHERE e.person_id = ?1
             ORDER BY e.competency
            """,
            person
        ) { row in try Expertise(row) }
    }

    /// What a search asks for; an empty text asks for nothing.
    struct Filter {
        /// The identifier.
        var competency = ""
        var language = ""
        var zone = ""
    }

    static func list(
        board: String, _ filter: Filter, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [Expertise] {
        try db.query(
            """
            SELECT e.id, e.board_id, e.person_id, e.competency, e.languages, e.created_at, p.given_name,
                   p.family_name, p.preferred_name, COALESCE(o.zone, '')
              FROM directory_expertise AS e                           -- index: directory_expertise_by_time
              JOIN directory_people AS p ON p.id = e.person_id AND p.state IN ('INVITED', 'ACTIVE')
              LEFT JOIN directory_assignments AS a ON a.person_id = e.person_id AND a.is_primary = 1
              LEFT JOIN directory_orgs AS o ON o.id = a.org_id
             WHERE e.board_id = ?1 AND (e.created_at, e.id) > (?2, ?3)
               AND (?4 = '' OR e.competency = ?4)
               AND (?5 = '' OR ';' || e.languages || ';' LIKE '%;' || ?5 || ';%'
                    OR ';' || e.languages LIKE '%;' || ?5 || '-%')
               AND (?6 = '' OR o.zone = ?6)
             ORDER BY e.created_at, e.id
             LIMIT ?7
            """,
            board, after.order, after.id, filter.competency, filter.language.lowercased(), filter.zone, limit
        ) { row in try Expertise(row) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_expertise (id, board_id, person_id, competency, languages, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            name.expertise, name.board, person, competency, languages.joined(separator: ";"), createdAt)
    }

    /// Writes the languages.
    func save(in db: Transaction) throws {
        try db.execute(
            "UPDATE directory_expertise SET languages = ?2 WHERE id = ?1", name.expertise,
            languages.joined(separator: ";"))
    }

    func delete(in db: Transaction) throws {
        try db.execute("DELETE FROM directory_expertise WHERE id = ?1", name.expertise)
    }

    private init(_ row: borrowing Row) throws {
        name = ExpertiseName(board: try row.get(1), expertise: try row.get(0))
        person = try row.get(2)
        competency = try row.get(3)
        languages = try row.get(4, String.self).split(separator: ";").map(String.init)
        createdAt = try row.get(5)
        let details = Person.Details(
            givenName: try row.get(6), familyName: try row.get(7), preferredName: try row.get(8), email: "")
        displayName = details.displayName
        zone = try row.get(9)
    }
}
