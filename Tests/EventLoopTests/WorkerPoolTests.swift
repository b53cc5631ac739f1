import Testing
import Threading

@testable import EventLoop

@Suite struct WorkerPoolTests {
    private struct Refused: Error {}

    @Test("work gives its value or its error, on another thread, and the caller is back on its loop")
    func comesBack() async throws {
        let pool = try WorkerPool(threads: 2, queueMax: 8, name: "test")
        defer { pool.shutdown() }
        try await withLoops(1) { loops in
            let loop = loops[0]
            let results = Mailbox<[Bool]>()
            loop.execute {
                Task.immediate(executorPreference: loop) {
                    let isElsewhere = try await pool.run { EventLoop.current == nil }
                    let isBack = loop.isCurrent
                    do { try await pool.run { throw Refused() } } catch is Refused {
                        results.put([isElsewhere, isBack, loop.isCurrent])
                    }
                }
            }
            let result = try await results.next()
            #expect(result == [true, true, true])
        }
    }

    @Test("a full queue refuses at once; what was taken is finished by the shutdown; then all is refused")
    func full() async throws {
        let pool = try WorkerPool(threads: 1, queueMax: 2, name: "test")
        let gate = Lock(false)
        let opened = Condition()
        let begun = Mailbox<Void>()
        let blocked = Task {
            try await pool.run {
                begun.put(())
                gate.wait(on: opened, until: { $0 }, then: { _ in })
                return 0
            }
        }
        try await begun.next()
        let done = Mailbox<Int>()
        #expect(pool.submit { done.put(1) } == nil)
        #expect(pool.submit { done.put(2) } == nil)
        await #expect(throws: WorkerPoolError.full) { try await pool.run { 3 } }
        #expect(pool.refusedCount == 1)
        gate.withLock { $0 = true }
        opened.signal()
        pool.shutdown()
        pool.shutdown()
        #expect(try await blocked.value == 0)
        let order = try await done.next(2)
        #expect(order == [1, 2])
        await #expect(throws: WorkerPoolError.stopped) { try await pool.run { 3 } }
    }

    @Test("all of many callers are served once")
    func manyCallers() async throws {
        let pool = try WorkerPool(threads: 4, queueMax: 1_000, name: "test")
        defer { pool.shutdown() }
        let sum = try await withThrowingTaskGroup { group in
            for index in 0..<1_000 { group.addTask { try await pool.run { index } } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 999 * 1_000 / 2)
    }
}
