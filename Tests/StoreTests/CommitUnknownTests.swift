import Store
import Testing
import Threading

@Suite("A COMMIT that fails")
struct CommitUnknownTests {
    /// SQLITE_IOERR, SQLite's result code for a failing disk.
    private static let ioError: Int32 = 10

    /// A store whose next COMMIT fails once `isFailing` is set; it may have been done all the same.
    private func makeStore(isFailing: Lock<Bool>, done: Bool) throws -> TestStore {
        try TestStore {
            $0.seams.commit = { commit in
                guard isFailing.withLock({ $0 }) else { return commit() }
                isFailing.withLock { $0 = false }
                if done { _ = commit() }
                return Self.ioError
            }
        }
    }

    @Test("nobody is told that the write is kept, nor that it is not", arguments: [true, false])
    func nothingAcked(done: Bool) async throws {
        let isFailing = Lock(false)
        let test = try makeStore(isFailing: isFailing, done: done)
        defer { test.store.close() }
        isFailing.withLock { $0 = true }
        let (results, _) = await inOneGroup(
            test.store,
            (1...4).map { id in
                { db in
                    try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id)
                    if id == 4 { throw Refusal() }
                }
            })
        #expect(results.map(\.storeError) == Array(repeating: .commitUnknown, count: 4))
        #expect(try test.ids() == (done ? [1, 2, 3] : []))
        #expect(test.store.health == .failing(.io(code: Self.ioError)))
    }

    @Test("the connection is opened anew, heads in memory are read anew, and later writes are kept")
    func reopened() async throws {
        let (isFailing, heads) = (Lock(false), Lock<[Int?]>([]))
        let test = try makeStore(isFailing: isFailing, done: false)
        defer { test.store.close() }
        test.store.onReopen { db in
            let head = try db.value("SELECT max(id) FROM t", as: Int.self)
            heads.withLock { $0.append(head) }
        }
        try await test.add(1)
        #expect(heads.withLock { $0 } == [])
        isFailing.withLock { $0 = true }
        await #expect(throws: StoreError.commitUnknown) { try await test.add(2) }
        try await test.add(3)
        try await test.add(4)
        #expect(heads.withLock { $0 } == [1])
        #expect(try test.ids() == [1, 3, 4])
        #expect(test.store.health == .ok)
    }

    @Test("while the heads cannot be read anew no write is taken, and then writing goes on")
    func hookFails() async throws {
        let (isFailing, isHookFailing, ran) = (Lock(false), Lock(true), Lock(false))
        let test = try makeStore(isFailing: isFailing, done: false)
        defer { test.store.close() }
        test.store.onReopen { _ in if isHookFailing.withLock({ $0 }) { throw Refusal() } }
        isFailing.withLock { $0 = true }
        await #expect(throws: StoreError.commitUnknown) { try await test.add(1) }
        await #expect(throws: StoreError.self) {
            try await test.store.write("too early") { _ in ran.withLock { $0 = true } }
        }
        #expect(!ran.withLock { $0 })
        isHookFailing.withLock { $0 = false }
        try await test.add(2)
        #expect(try test.ids() == [2])
    }

    @Test("what a commit hook makes stale is made stale, since the write may be there")
    func hooksRun() async throws {
        let (isFailing, generation) = (Lock(false), Lock(0))
        let test = try makeStore(isFailing: isFailing, done: true)
        defer { test.store.close() }
        isFailing.withLock { $0 = true }
        await #expect(throws: StoreError.commitUnknown) {
            try await test.store.write("grant") { db in db.onCommit { generation.withLock { $0 += 1 } } }
        }
        #expect(generation.withLock { $0 } == 1)
    }
}
