import Testing

@testable import EventLoop

@Suite struct ExecutorTests {
    @Test("the self-test passes on one and on several loops", arguments: 1...3)
    func selfTest(_ loopCount: Int) async throws {
        try await withLoops(loopCount) { try await EventLoop.selfTest($0) }
    }

    @Test("the probe finds a pattern that leaves the loop")
    func brokenPattern() async throws {
        let pool = try WorkerPool(threads: 1, queueMax: 4, name: "test")
        defer { pool.shutdown() }
        let broken = SuspensionProbe(name: "Task.detached") { loop in
            await Task.detached { loop.isCurrent }.value
        }
        try await withLoops(1) { loops in
            let failure = try await SuspensionProbe.firstFailure(
                of: SuspensionProbe.all(pool) + [broken], on: loops[0])
            #expect(failure == "Task.detached")
        }
    }

    @Test("the self-test of a stopped loop is an error that names it")
    func selfTestOfStopped() async throws {
        let loop = try EventLoop.start(.init(name: "gone"))
        loop.stop()
        let error = await #expect(throws: EventLoopError.self) { try await EventLoop.selfTest([loop]) }
        #expect(error?.isStopped == true && error?.description.contains("gone") == true)
    }

    actor OnLoop {
        let loop: EventLoop
        private var count = 0
        init(_ loop: EventLoop) { self.loop = loop }
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

        func raise() -> Int {
            loop.preconditionCurrent()
            count += 1
            return count
        }

        nonisolated func raiseSynchronously() -> Int {
            assumeIsolated {
                $0.count += 1; return $0.count
            }
        }
    }

    @Test("an actor can have a loop as its executor, also for code that runs there without a task")
    func actorOnLoop() async throws {
        try await withLoops(1) { loops in
            let actor = OnLoop(loops[0])
            await withTaskGroup { group in
                for _ in 0..<100 { group.addTask { _ = await actor.raise() } }
            }
            let count = try await loops[0].call { actor.raiseSynchronously() }
            #expect(count == 101)
        }
    }

    @Test("a task that is resumed after its loop has stopped still ends, where the loop's values can be read")
    func resumedTooLate() async throws {
        let loop = try EventLoop.start(.init(name: "test"))
        let value = LoopBound(handing: 7, to: loop)
        let suspended = Mailbox<CheckedContinuation<Void, Never>>()
        let results = Mailbox<Int>()
        loop.execute {
            for _ in 0..<2 {
                Task.immediate(executorPreference: loop) {
                    await withCheckedContinuation { suspended.put($0) }
                    await Task.yield()
                    results.put(value.value)
                }
            }
        }
        let continuations = try await suspended.next(2)
        loop.stop()
        for continuation in continuations { continuation.resume() }
        #expect(try await results.next(2) == [7, 7])
        loop.execute { results.put(0) }  // dropped
    }
}
