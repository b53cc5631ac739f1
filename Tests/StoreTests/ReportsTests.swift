import Store
import Testing
import Threading

@Suite("Reports")
struct ReportsTests {
    private static let endless: SQL =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    @Test("a report reads")
    func reads() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let count = try await test.store.report(timeLimit: .seconds(60)) { db in
            try db.value("SELECT count(*) FROM t", as: Int.self)
        }
        #expect(count == 1)
    }

    @Test("the time limit interrupts it, and the next one is not harmed")
    func timeLimit() async throws {
        let test = try TestStore { $0.reportThreads = 1 }
        defer { test.store.close() }
        await #expect(throws: StoreError.timeLimit) {
            try await test.store.report(timeLimit: .milliseconds(20)) { db in try db.value(Self.endless, as: Int.self) }
        }
        #expect(test.metric("reports_over_limit") == 1)
        let one = try await test.store.report(timeLimit: .seconds(60)) { db in try db.value("SELECT 1", as: Int.self) }
        #expect(one == 1)
    }

    @Test("cancelling its task interrupts it")
    func cancelled() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let began = Gate()
        let task = Task {
            try await test.store.report(timeLimit: .seconds(600)) { db in
                began.open()
                return try db.value(Self.endless, as: Int.self)
            }
        }
        await began.opened()
        task.cancel()
        await #expect(throws: StoreError.cancelled) { try await task.value }
    }

    @Test("close interrupts what runs and refuses what waits")
    func closed() async throws {
        let test = try TestStore { $0.reportThreads = 1 }
        let began = Gate()
        let running = Task {
            try await test.store.report(timeLimit: .seconds(600)) { db in
                began.open()
                return try db.value(Self.endless, as: Int.self)
            }
        }
        await began.opened()
        let waiting = Task.immediate {
            try await test.store.report(timeLimit: .seconds(600)) { db in try db.value("SELECT 1", as: Int.self) }
        }
        test.store.close()
        await #expect(throws: StoreError.closed) { try await running.value }
        await #expect(throws: StoreError.closed) { try await waiting.value }
    }

    @Test("above the bound a report is refused at once")
    func bounded() async throws {
        let test = try TestStore {
            $0.reportThreads = 1
            $0.reportQueueMax = 1
        }
        let (began, gate) = (Gate(), Gate())
        async let running: Void = test.store.report(timeLimit: .seconds(600)) { _ in
            began.open()
            gate.hold()
        }
        await began.opened()
        let errors = await withTaskGroup(of: StoreError?.self) { group in
            for _ in 0..<3 {
                group.addImmediateTask {
                    do { try await test.store.report(timeLimit: .seconds(600)) { _ in } } catch {
                        return error as? StoreError
                    }
                    return nil
                }
            }
            gate.open()
            return await group.reduce(into: [StoreError]()) { if let error = $1 { $0.append(error) } }
        }
        try await running
        #expect(errors == [.overloaded, .overloaded])
        #expect(test.metric("reports_shed") == 2)
        test.store.close()
    }
}
