import CordeeAPI
import EventLoop
import ModuleKit
import Store

/// Erases a person, in three steps that each may be cut short and are then done again:
///
/// 1. One write: every module is asked whether it lets the person go; the erasure is put on the ledger, which is synced
///    before the write is committed; every module erases, and a row of `system_erasures` says so.
/// 2. The sweep: kept answers that name the person, what is left of rows in the gaps of pages, words in the pages of
///    search indexes, old pages in the WAL, and copies of the database in the data folder.
/// 3. The row says that the sweep is done.
///
/// What the ledger has and the database has not is erased when the daemon starts, before it serves: after a crash
/// between ledger and commit, and after a backup from before the erasure was restored.
struct Eraser: Sendable {
    /// Rows of kept answers that one write looks through.
    private static let answersPerWrite: Int64 = 20_000

    let ledger: ErasureLedger
    /// Of all modules that are compiled in, the daemon's own first.
    let keepers: [ModuleKeeper]
    let store: Store
    let copies: DatabaseCopies

    /// What an erasure of the person would do as of now, collection after collection.
    func plan(for person: String, in db: some Queryable) throws -> [CordeeSystem_ErasurePart] {
        try keepers.flatMap { try $0.plan(for: person, in: db) }
    }

    /// Step 1, in a write of its own.
    func erase(_ entry: ErasureLedger.Entry, in call: EffectCall) throws {
        for keeper in keepers { try keeper.data.checkErasure(of: entry.person, at: call.now, in: call.db) }
        // Not undone when the write is: what was promised here is then kept by the next try or the next start.
        try ledger.append(entry)
        try apply(entry, in: call)
    }

    private func apply(_ entry: ErasureLedger.Entry, in call: EffectCall) throws {
        try ErasureRequest.erase(entry, in: call.db)
        for keeper in keepers { try keeper.data.erase(entry.person, in: call) }
        try ErasureTable.insert(entry, in: call.db)
    }

    /// Steps 2 and 3, for all who are erased and not swept.
    ///
    /// - Parameter compute: runs work with files beside the loop.
    /// - Throws: `StoreError.busy` while a long reader keeps the WAL from being cut.
    func sweep(
        at now: Timestamp, compute: (@escaping @Sendable () throws -> Void) async throws -> Void
    ) async throws {
        let people = try await store.write("privacy/unswept") { db in
            try ErasureTable.all(in: db).filter { !$0.isSwept }.map(\.entry.person)
        }
        guard !people.isEmpty else { return }
        for person in people { try await eraseAnswers(about: person) }
        try await store.scrub(keepers.flatMap(\.data.tables), keepers.flatMap(\.data.searchIndexes))
        let copies = copies
        try await compute { try copies.remove() }
        try await store.write("privacy/swept") { db in try ErasureTable.markSwept(people, at: now, in: db) }
    }

    private func eraseAnswers(about person: String) async throws {
        var after: Int64? = 0
        while let from = after {
            after = try await store.write("privacy/answers") { db in
                try AnswerTable.eraseAnswers(about: person, after: from, count: Self.answersPerWrite, in: db)
            }
        }
    }

    /// Before serving: brings the database to where the ledger is, and finishes sweeps.
    ///
    /// - Returns: how many were erased anew.
    /// - Throws: what the store throws; the daemon does not start, as it would show people who were erased.
    func resume(_ effects: WriteEffects, at now: Timestamp) async throws -> Int {
        let applied = try await store.write("privacy/erasures") { db in try ErasureTable.all(in: db).map(\.entry) }
        // A ledger that was lost or cut off is written anew: the rows were.
        for entry in applied { try ledger.append(entry) }
        let known = Set(applied.map(\.person))
        let missing = ledger.entries.filter { !known.contains($0.person) }
        for entry in missing {
            try await store.write("privacy/erase again") { db in
                try apply(entry, in: EffectCall(db: db, now: now, effects: effects))
            }
        }
        try await sweep(at: now) { try $0() }
        return missing.count
    }
}
