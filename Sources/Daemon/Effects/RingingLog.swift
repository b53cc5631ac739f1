import ModuleKit
import Store

/// A log that rings the bell once what was appended is on disk.
struct RingingLog: EventLog {
    let log: any EventLog
    let bell: EventBell

    func append(_ event: Event, by actor: String?, at now: Timestamp, in db: Transaction) throws {
        try log.append(event, by: actor, at: now, in: db)
        let head = try LoggedEvents.head(in: db)
        db.onCommit { [bell] in bell.ring(head) }
    }
}
