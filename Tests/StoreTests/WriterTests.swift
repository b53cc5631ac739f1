import Store
import Testing
import Threading

@Suite("Writing in groups")
struct WriterTests {
    @Test("what waits is committed by one COMMIT and answered by one batch")
    func oneCommitForAll() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let (results, batches) = await inOneGroup(
            test.store, (1...10).map { id in { try $0.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id) } })
        #expect(results.map { try? $0.get() } == Array(repeating: 1, count: 10))
        #expect(batches == [11])
        #expect(test.metric("groups") == 1)
        #expect(try test.ids() == Array(1...10))
    }

    @Test("a group ends at its number of bodies")
    func groupIsBounded() async throws {
        let test = try TestStore { $0.groupBodiesMax = 4 }
        defer { test.store.close() }
        _ = await inOneGroup(
            test.store, (1...11).map { id in { try $0.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id) } })
        #expect(test.metric("groups") == 3)
        #expect(try test.ids() == Array(1...11))
    }

    @Test("a group ends when its bodies have bound enough bytes")
    func groupIsBoundedInBytes() async throws {
        let test = try TestStore { $0.groupBytesMax = 1000 }
        defer { test.store.close() }
        let bytes = [UInt8](repeating: 7, count: 600)
        _ = await inOneGroup(
            test.store,
            (1...4).map { id in { try $0.execute("INSERT INTO t (id, n, bytes) VALUES (?1, 0, ?2)", id, bytes) } })
        #expect(test.metric("groups") == 2)
    }

    @Test("a body that throws takes back its own changes and no one else's")
    func throwingBody() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let (results, _) = await inOneGroup(
            test.store,
            (1...9).map { id in
                { db in
                    try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id)
                    if id % 3 == 0 { throw Refusal() }
                }
            })
        #expect(results.map(\.isSuccess) == [true, true, false, true, true, false, true, true, false])
        #expect(results.allSatisfy { $0.storeError == nil })
        #expect(test.metric("groups") == 1)
        #expect(try test.ids() == [1, 2, 4, 5, 7, 8])
    }

    @Test("a body sees what the bodies before it in the group have written")
    func bodiesSeeEachOther() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let (results, _) = await inOneGroup(
            test.store,
            (0..<5).map { _ in
                { db in try db.value("UPDATE t SET n = n + 1 WHERE id = 0 RETURNING n", as: Int.self) }
            })
        #expect(results.map { try? $0.get() } == [1, 2, 3, 4, 5])
    }

    @Test("OR ROLLBACK ends the transaction of all: the guilty body fails, the others are run again")
    func orRollback() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let (results, _) = await inOneGroup(
            test.store,
            (1...5).map { id in
                { db in
                    try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id)
                    if id == 3 { try db.execute("INSERT OR ROLLBACK INTO t (id, n) VALUES (0, 0)") }
                }
            })
        #expect(results.map(\.isSuccess) == [true, true, false, true, true])
        #expect(results[2].storeError == .constraint(.primaryKey, name: "t.id"))
        #expect(test.metric("groups_abandoned") == 1)
        #expect(try test.ids() == [1, 2, 4, 5])
    }

    @Test("a body that swallows the end of the transaction and goes on writing leaves nothing behind")
    func swallowedRollback() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let (results, _) = await inOneGroup(
            test.store,
            (1...3).map { id in
                { db in
                    if id == 2 { _ = try? db.execute("INSERT OR ROLLBACK INTO t (id, n) VALUES (0, 0)") }
                    _ = try? db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id)
                }
            })
        #expect(results.map(\.isSuccess) == [true, false, true])
        #expect(try test.ids() == [1, 3])
    }

    @Test("a full disk fails the body that filled it; the others of its group are kept, and writing goes on")
    func fullDisk() async throws {
        let test = try TestStore { $0.seams.pagesMax = 60 }
        defer { test.store.close() }
        let large = [UInt8](repeating: 7, count: 1 << 20)
        let (results, _) = await inOneGroup(
            test.store,
            (1...5).map { id in
                { db in
                    try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id)
                    if id == 3 { try db.execute("INSERT INTO t (id, n, bytes) VALUES (100, 0, ?1)", large) }
                }
            })
        #expect(results.map(\.isSuccess) == [true, true, false, true, true])
        #expect(results[2].storeError == .full)
        #expect(test.metric("groups_abandoned") == 1)
        #expect(try test.ids() == [1, 2, 4, 5])
        try await test.add(6)
        #expect(try test.ids() == [1, 2, 4, 5, 6])
    }

    @Test("a guilty body among many costs each innocent one repetition")
    func repetitions() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let runs = Lock<[Int: Int]>([:])
        let (results, _) = await inOneGroup(
            test.store,
            (1...12).map { id in
                { db in
                    runs.withLock { $0[id, default: 0] += 1 }
                    try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id)
                    if id > 6 { try db.execute("INSERT OR ROLLBACK INTO t (id, n) VALUES (0, 0)") }
                }
            })
        #expect(results.map(\.isSuccess) == (1...12).map { $0 <= 6 })
        #expect(runs.withLock { $0.values.max() } == 2)
        #expect(try test.ids() == Array(1...6))
    }

    @Test("a body that turns guilty when it is run again does not take the others with it")
    func guiltyWhenRepeated() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let runs = Lock<[Int: Int]>([:])
        let (results, _) = await inOneGroup(
            test.store,
            (1...6).map { id in
                { db in
                    let run = runs.withLock { runs in
                        runs[id, default: 0] += 1
                        return runs[id, default: 0]
                    }
                    try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id)
                    if id == 5 || (id == 2 && run == 2) {
                        try db.execute("INSERT OR ROLLBACK INTO t (id, n) VALUES (0, 0)")
                    }
                }
            })
        #expect(results.map(\.isSuccess) == [true, false, true, true, false, true])
        #expect(try test.ids() == [1, 3, 4, 6])
    }

    @Test("a body beyond its budget is cut, named, and alone in failing", arguments: [true, false])
    func budget(writes: Bool) async throws {
        let notices = Lock<[StoreNotice]>([])
        let test = try TestStore {
            $0.bodyBudget = .milliseconds(30)
            $0.notice = { notice in notices.withLock { $0.append(notice) } }
        }
        defer { test.store.close() }
        let endless: SQL = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let filling: SQL =
            "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n) INSERT INTO t (id, n) SELECT i, 0 FROM n"
        try await test.add(1)
        await #expect(throws: StoreError.budget(label: "slow")) {
            try await test.store.write("slow") { db in try db.execute(writes ? filling : endless) }
        }
        try await test.add(2)
        #expect(try test.ids() == [1, 2])
        #expect(test.metric("bodies_over_budget") == 1)
        #expect(notices.withLock { $0 }.contains(.bodyOverBudget(label: "slow")))
    }

    @Test("a body that nobody wants any more is dropped before it starts")
    func unwanted() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let (ran, sink) = (Lock(false), CountingSink())
        let result = await withCheckedContinuation { continuation in
            test.store.submit(
                "unwanted", deliver: sink, isWanted: { false }, { _ in ran.withLock { $0 = true } },
                { continuation.resume(returning: $0) })
        }
        #expect(result.storeError == .cancelled)
        #expect(!ran.withLock { $0 })
        #expect(test.metric("groups") == 0)
    }

    @Test("above its bound the queue refuses at once, and what waits is not touched")
    func queueIsBounded() async throws {
        let test = try TestStore { $0.queueMax = 5 }
        defer { test.store.close() }
        let (gate, entered) = (Gate(), Gate())
        async let first: Void = test.store.write("gate") { _ in
            entered.open()
            gate.hold()
        }
        await entered.opened()
        let results = await withTaskGroup(of: StoreError?.self) { group in
            for id in 1...8 {
                group.addImmediateTask {
                    do { try await test.add(id) } catch { return error as? StoreError }
                    return nil
                }
            }
            var errors: [StoreError] = []
            for await error in group {
                if let error { errors.append(error) }
                if errors.count == 3 { gate.open() }
            }
            return errors
        }
        try await first
        #expect(results == [.overloaded, .overloaded, .overloaded])
        #expect(try test.ids() == Array(1...5))
        #expect(test.metric("bodies_shed") == 3)
    }

    @Test("a violated deferred key fails its own body, not the group's COMMIT")
    func deferredKey() async throws {
        let keyed = ModuleMigrations(
            module: "keyed",
            migrations: [
                Migration(
                    "1",
                    """
                    CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT;
                    CREATE TABLE c (p INTEGER NOT NULL REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
                    """)
            ])
        let test = try TestStore(migrations: [keyed])
        defer { test.store.close() }
        let (results, _) = await inOneGroup(
            test.store,
            (1...3).map { id in
                { db in
                    try db.execute("INSERT INTO c (p) VALUES (?1)", id)
                    if id != 2 { try db.execute("INSERT INTO p (id) VALUES (?1)", id) }
                }
            })
        #expect(results.map(\.isSuccess) == [true, false, true])
        #expect(results[1].storeError == .constraint(.foreignKey, name: "deferred to COMMIT"))
        #expect(try test.store.makeReader().query("SELECT p FROM c") { row in try row.get(0, Int.self) } == [1, 3])
    }

    @Test("commit hooks run before the answer, and only for bodies that are kept")
    func commitHooks() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let generation = Lock<[Int]>([])
        let (results, _) = await inOneGroup(
            test.store,
            (1...3).map { id in
                { db in
                    db.onCommit { generation.withLock { $0.append(id) } }
                    if id == 2 { throw Refusal() }
                }
            })
        #expect(results.map(\.isSuccess) == [true, false, true])
        #expect(generation.withLock { $0 } == [1, 3])
    }

    @Test("nobody is answered before COMMIT has returned")
    func answeredAfterCommit() async throws {
        let order = Lock<[String]>([])
        let test = try TestStore {
            $0.seams.commit = { commit in
                let code = commit()
                order.withLock { $0.append("committed") }
                return code
            }
        }
        defer { test.store.close() }
        let result = await withCheckedContinuation { continuation in
            test.store.submit(
                "w", deliver: CountingSink(),
                { db in
                    db.onCommit { order.withLock { $0.append("hook") } }
                    order.withLock { $0.append("run") }
                },
                { result in
                    order.withLock { $0.append("answered") }
                    continuation.resume(returning: result)
                })
        }
        #expect(result.isSuccess)
        #expect(order.withLock { $0 } == ["run", "committed", "hook", "answered"])
    }

    @Test("what comes while a COMMIT runs forms the next group")
    func nextGroup() async throws {
        let (committing, gate) = (Gate(), Gate())
        let test = try TestStore {
            $0.seams.commit = { commit in
                committing.open()
                gate.hold()
                return commit()
            }
        }
        defer { test.store.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await test.add(1) }
            await committing.opened()
            for id in 2...9 { group.addImmediateTask { try await test.add(id) } }
            gate.open()
            try await group.waitForAll()
        }
        #expect(test.metric("groups") == 2)
        #expect(try test.ids() == Array(1...9))
    }

    @Test("a transaction is of no use after its body")
    func escaped() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let escaped = Escaped()
        try await test.store.write("escape") { db in escaped.transaction = db }
        #expect(throws: StoreError.transactionEnded) { try escaped.transaction?.execute("DELETE FROM t") }
    }

    /// What no one should do.
    private final class Escaped: @unchecked Sendable { var transaction: Transaction? }

    @Test("64 producers at once are all answered, and all is there")
    func manyProducers() async throws {
        let test = try TestStore { $0.groupDurationMax = .milliseconds(10) }
        defer { test.store.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for producer in 0..<64 {
                group.addTask { for n in 1...20 { try await test.add(producer * 100 + n) } }
            }
            try await group.waitForAll()
        }
        #expect(try test.ids().count == 64 * 20)
        #expect(test.metric("groups") < 64 * 20)
    }
}
