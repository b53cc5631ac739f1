import DirectoryAPI
import ModuleKit

/// What the directory holds of one person's learning: a part of `DirectoryKeeper`. An erasure deletes all of it, and
/// what others shared with the person.
enum GrowthRecords {
    static let tables = [
        PersonalTable("directory_self_levels"), PersonalTable("directory_needs"), PersonalTable("directory_shares"),
        PersonalTable("directory_expertise"),
    ]

    /// What of it a board does not take along.
    static let leftOut = [
        "directory_self_levels", "directory_needs", "directory_shares", "directory_expertise",
    ].map { table in
        LeftOutTable(
            table, fr: "Ce que chaque personne dit de son apprentissage lui appartient : elle l'emporte elle-même.",
            en: "What people say of their learning is their own: each takes it along themselves.")
    }

    static func export(_ person: String, in db: some Queryable) throws -> [PersonalRecord] {
        let levels = try SelfLevel.list(person: person, at: .max, after: "", limit: .max, in: db)
        let shares = try Share.holding(of: person, at: .min, in: db)
        let needs = try Need.list(of: person, showsClosed: true, after: .start, limit: .max, in: db)
        let offers = try Expertise.all(person: person, in: db)
        return try levels.map { PersonalRecord("levels", try API.SelfLevel($0, in: db)) }
            + (try shares.map { PersonalRecord("shares", try API.Share($0, in: db)) })
            + (try needs.map { PersonalRecord("needs", try API.Need($0, in: db)) })
            + (try offers.map { PersonalRecord("expertise", try API.Expertise($0, in: db)) })
    }

    static func erase(_ person: String, in db: Transaction) throws {
        try db.execute("DELETE FROM directory_self_levels WHERE person_id = ?1", person)
        try db.execute("DELETE FROM directory_needs WHERE person_id = ?1", person)
        try db.execute("DELETE FROM directory_expertise WHERE person_id = ?1", person)
        try db.execute("DELETE FROM directory_shares WHERE person_id = ?1", person)
        try db.execute("DELETE FROM directory_shares WHERE recipient_person_id = ?1", person)
    }
}
