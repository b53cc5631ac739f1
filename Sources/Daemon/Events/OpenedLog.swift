import ModuleKit
import Store

/// The log of events of a daemon that starts: its key, its id, its end.
struct OpenedLog: Sendable {
    let key: ChainKey
    let table: EventTable
    let bell: EventBell

    /// - Throws: `StartError.auditKey`, and what the store throws.
    init(_ store: Store, key file: SecretFile, bell: EventBell) throws(StartError) {
        key = try AuditKeyFile(file: file).open(store)
        self.bell = bell
        table = EventTable(key: key, bell: bell)
    }

    /// Begins a log in a database that has none, and in one that was restored from a backup.
    func begin(_ store: Store, _ effects: WriteEffects, at now: Timestamp) throws(StartError) {
        do {
            let head = try store.writeBlocking("system/log") { db in
                let isRestored = try RestoredMark.instant(in: db) != nil
                if try isRestored || LogIdentity.current(in: db) == nil {
                    let call = EffectCall(db: db, now: now, effects: effects)
                    _ = try LogIdentity.begin(isRestored ? .restored : .created, in: call)
                    try RestoredMark.remove(in: db)
                }
                return try EventTable.head(in: db)
            }
            bell.ring(head.sequence)
        } catch {
            throw .module(name: SystemModule.moduleName, reason: "\(error)")
        }
    }
}
