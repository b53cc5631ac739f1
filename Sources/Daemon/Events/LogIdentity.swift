import ModuleKit
import Store

/// Which log this is: a new database begins one, and so does a restored copy, whose rows would otherwise take the places
/// of others that watchers have seen already.
enum LogIdentity {
    /// The event that begins a log, in the chain like all others.
    static let beganType = "system.log.began.v1"

    /// The id of the log; nil in a database that no daemon with a chain has opened yet.
    static func current(in db: some Queryable) throws -> String? {
        try db.value("SELECT log_id FROM system_log ORDER BY seq DESC LIMIT 1")
    }

    /// Why a log began.
    enum Cause: String, ColumnValue { case created = "CREATED", restored = "RESTORED" }

    /// Begins a new log after what the database holds.
    static func begin(_ cause: Cause, in call: EffectCall) throws -> String {
        let id = Hexadecimal.encode(randomBytes(8))
        try call.emit(Event(beganType, board: "", subject: "logs/\(id)"))
        try call.db.execute(
            "INSERT INTO system_log (log_id, began_at, cause, seq) VALUES (?1, ?2, ?3, ?4)", id, call.now, cause,
            try EventTable.head(in: call.db).sequence)
        return id
    }
}
