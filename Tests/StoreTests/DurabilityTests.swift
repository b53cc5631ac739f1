import Store
import TestSupport
import Testing
import Threading

@Suite("What was acked is kept")
struct DurabilityTests {
    @Test("acked writes are there after a close and a new opening")
    func afterReopening() async throws {
        let folder = try TemporaryFolder()
        let first = try TestStore(in: folder)
        for id in 1...20 { try await first.add(id) }
        first.store.close()
        let second = try TestStore(in: folder)
        defer { second.store.close() }
        #expect(try second.ids() == Array(1...20))
    }

    @Test("at the moment of the answer the write is in the files, as a killed process leaves them")
    func inTheFilesWhenAcked() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let copy = try TemporaryFolder()
        for id in 1...20 { try await test.add(id) }
        for name in ["cordee.db", "cordee.db-wal"] { try copy.write(try test.folder.read(name), to: name) }
        let second = try TestStore(in: copy)
        defer { second.store.close() }
        #expect(try second.ids() == Array(1...20))
    }

    @Test("close finishes what is queued, and then refuses")
    func closeFinishes() async throws {
        let folder = try TemporaryFolder()
        let test = try TestStore(in: folder)
        let gate = Gate()
        let answers = Lock<[Bool]>([])
        let sink = CountingSink()
        test.store.submit("gate", deliver: sink, { _ in gate.hold() }, { _ in })
        for id in 1...30 {
            test.store.submit(
                "add", deliver: sink, { db in try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id) },
                { result in answers.withLock { $0.append(result.isSuccess) } })
        }
        gate.open()
        test.store.close()
        test.store.close()
        #expect(answers.withLock { $0 } == Array(repeating: true, count: 30))
        await #expect(throws: StoreError.closed) { try await test.add(31) }
        await #expect(throws: StoreError.closed) { try await test.store.report(timeLimit: .seconds(1)) { _ in } }
        #expect(throws: StoreError.closed) { try test.store.migrate([]) }
        let second = try TestStore(in: folder)
        defer { second.store.close() }
        #expect(try second.ids() == Array(1...30))
    }

    @Test("a clean close leaves the database and an empty lock file, nothing else")
    func cleanClose() async throws {
        let test = try TestStore()
        try await test.add(1)
        test.store.close()
        #expect(test.folder.contents == ["cordee.db", "lock"])
        #expect(try test.folder.read("lock") == [])
    }

    /// One thing that a client does; the model says what must come of it.
    private enum Move: CaseIterable { case increment, throwAfterIncrement, refusedByCheck, endOfAll, unwanted }

    @Test("random concurrent bodies leave what the acked ones add up to", arguments: UInt64(0)..<12)
    func agreesWithModel(seed: UInt64) async throws {
        let test = try TestStore {
            $0.groupBodiesMax = Int(seed % 5) * 7 + 1
            $0.groupDurationMax = .milliseconds(10)
        }
        defer { test.store.close() }
        let acked = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<8 {
                group.addTask {
                    var random = Random(seed: seed &* 31 &+ UInt64(client))
                    var acked = 0
                    for _ in 0..<25 {
                        let amount = Int.random(in: 1...9, using: &random)
                        let move = Move.allCases.randomElement(using: &random) ?? .increment
                        if try await Self.run(move, amount, on: test.store) { acked += amount }
                    }
                    return acked
                }
            }
            return try await group.reduce(0, +)
        }
        let sum = try test.store.makeReader().value("SELECT n FROM t WHERE id = 0", as: Int.self)
        #expect(sum == acked)
        #expect(try test.ids() == [])
    }

    /// Whether `amount` was added; everything but an increment must be refused.
    private static func run(_ move: Move, _ amount: Int, on store: Store) async throws -> Bool {
        let result: Result<Int, any Error> = await withCheckedContinuation { continuation in
            store.submit(
                "\(move)", deliver: CountingSink(), isWanted: { move != .unwanted },
                { db in
                    try db.execute("UPDATE t SET n = n + ?1 WHERE id = 0", amount)
                    switch move {
                    case .increment, .unwanted: break
                    case .throwAfterIncrement: throw Refusal()
                    case .refusedByCheck: try db.execute("INSERT INTO t (id, n) VALUES (?1, -1)", amount)
                    case .endOfAll: try db.execute("INSERT OR ROLLBACK INTO t (id, n) VALUES (0, 0)")
                    }
                    return amount
                },
                { continuation.resume(returning: $0) })
        }
        #expect(result.isSuccess == (move == .increment))
        return result.isSuccess
    }
}
