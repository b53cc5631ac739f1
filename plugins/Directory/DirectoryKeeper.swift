import DirectoryAPI
import ModuleKit

/// What the directory holds of one person.
///
/// After an erasure the record stays as an id with the state ERASED, since registrations, grants and the log refer to
/// it; all that was said of the person is emptied. The places of work go. Grants stay, without their reasons, and end:
/// that somebody held a role, and who gave it, is part of the board's own record.
struct DirectoryKeeper: PersonalDataKeeper {
    let tables =
        [
            PersonalTable("directory_people"), PersonalTable("directory_assignments"),
            PersonalTable("directory_grants"), PersonalTable("directory_import_people"),
            PersonalTable("directory_import_places"),
        ] + GrowthRecords.tables
    let traces = [
        ErasureTrace(
            "people", fr: "L'identifiant reste, avec l'état ERASED : d'autres inscriptions au registre y renvoient.",
            en: "The id stays, with the state ERASED: other records refer to it."),
        ErasureTrace(
            "grants", fr: "Qui a tenu quel rôle appartient aux dossiers du conseil ; les motifs sont effacés.",
            en: "Who held which role is the board's own record; the reasons go."),
    ]
    var searchIndexes: [SearchIndex] { [Schema.peopleSearch] }

    func export(_ id: String, in db: some Queryable) throws -> [PersonalRecord] {
        guard let person = try Person.find(id: id, in: db) else { return [] }
        let assignments = try Assignment.list(person: id, in: db)
        return [PersonalRecord("people", API.Person(person, assignments: assignments))]
            + (try Grant.all(person: id, in: db)).map { PersonalRecord("grants", API.Grant($0)) }
            + (try GrowthRecords.export(id, in: db))
    }

    func checkErasure(of person: String, at now: Timestamp, in db: some Queryable) throws {
        for grant in try Grant.list(person: person, at: now, in: db) where grant.role == .boardLead {
            let board = grant.name.board
            guard try Grant.isLed(board, at: now, in: db) else { continue }
            guard try Grant.isLed(board, withoutPerson: person, at: now, in: db) else {
                throw Grant.Refusal.lastBoardLead
            }
        }
    }

    func erase(_ id: String, in call: EffectCall) throws {
        guard let person = try Person.find(id: id, in: call.db) else { return }
        let mark = ErasedPeople.mark(
            sourceID: person.sourceID, emailKey: person.details.emailKey, by: call.pseudonyms)
        if let mark { try ErasedPeople.add(mark, board: person.name.board, in: call.db) }
        try call.db.execute(
            """
            UPDATE directory_people
               SET source_id = NULL, given_name = '', family_name = '', preferred_name = '', username = '',
                   email = '', email_key = NULL, languages = '', staff_role = '', state = 'ERASED',
                   sort_key = ?2, revision = revision + 1
             WHERE id = ?1
            """,
            id, [UInt8]())
        try Schema.peopleSearch.remove(id, in: call.db)
        try GrowthRecords.erase(id, in: call.db)
        try call.db.execute("DELETE FROM directory_assignments WHERE person_id = ?1", id)
        try ImportStage.forget(id, in: call.db)
        try call.db.execute(
            """
            UPDATE directory_grants
               SET reason = '', end_reason = '',
                   end_at = CASE WHEN end_at <= ?2 THEN end_at WHEN start_at > ?2 THEN start_at ELSE ?2 END
             WHERE person_id = ?1
            """,
            id, call.now)
        call.accessChanged()
        try call.emit(.erased(person.name))
    }
}
