import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

/// What the daemon itself holds of one person: access tokens, who saw their data, and the personal parts beside the log
/// of events. Kept answers are erased by the sweep.
///
/// After an erasure the log still verifies: it holds generated ids and digests of parts whose salts are gone. Whose data
/// the person saw stays: it is for those others to know.
struct SystemKeeper: PersonalDataKeeper {
    let tables = [
        PersonalTable("system_tokens"), PersonalTable("system_event_parts"), PersonalTable("system_idempotency"),
        PersonalTable("system_erasure_requests"),
    ]
    let traces = [
        ErasureTrace(
            "erasureRequests", fr: "Qu'un effacement a été demandé et fait reste prouvable, sans les motifs.",
            en: "That an erasure was asked for and carried out stays provable, without the reasons.")
    ]

    func export(_ person: String, in db: some Queryable) throws -> [PersonalRecord] {
        let tokens = try TokenTable.all(of: person, in: db).map { PersonalRecord("tokens", $0) }
        let accesses = try AccessTable.list(of: person, before: .max, limit: .max, in: db).map {
            PersonalRecord("accesses", CordeeSystem_RecordedAccess($0, displayName: ""))
        }
        let requests = try ErasureRequest.all(of: person, in: db).map {
            PersonalRecord("erasureRequests", CordeeSystem_ErasureRequest($0))
        }
        return tokens + accesses + requests
    }

    func erase(_ person: String, in call: EffectCall) throws {
        try call.db.execute("DELETE FROM system_tokens WHERE person_id = ?1", person)
        try call.db.execute("DELETE FROM system_access_subjects WHERE person_id = ?1", person)
        try call.db.execute("DELETE FROM system_event_parts WHERE person_id = ?1", person)
        try call.db.execute(
            "UPDATE system_erasure_requests SET reason = '', decision_reason = '' WHERE person_id = ?1", person)
        try DepartureTable.remove(person, in: call.db)
        call.accessChanged()
    }
}
