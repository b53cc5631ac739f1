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
    ]

    func export(_ person: String, in db: some Queryable) throws -> [PersonalRecord] {
        let tokens = try TokenTable.all(of: person, in: db).map { PersonalRecord("tokens", $0) }
        let accesses = try AccessTable.list(of: person, before: .max, limit: .max, in: db).map {
            PersonalRecord("accesses", CordeeSystem_RecordedAccess($0, displayName: ""))
        }
        return tokens + accesses
    }

    func erase(_ person: String, in call: EffectCall) throws {
        try call.db.execute("DELETE FROM system_tokens WHERE person_id = ?1", person)
        try call.db.execute("DELETE FROM system_access_subjects WHERE person_id = ?1", person)
        try call.db.execute("DELETE FROM system_event_parts WHERE person_id = ?1", person)
        call.accessChanged()
    }
}
