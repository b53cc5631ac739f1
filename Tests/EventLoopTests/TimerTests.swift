import Testing

@testable import EventLoop

@Suite struct TimerTests {
    @Test("timers fire in the order of their times, never early, and not when cancelled")
    func order() async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let fired = Mailbox<(Int, Bool)>()
            loop.execute {
                let start = EventLoop.nanosecondsNow()
                func schedule(_ milliseconds: Int) -> Timer {
                    loop.schedule(after: .milliseconds(milliseconds)) {
                        let elapsed = EventLoop.nanosecondsNow() - start
                        fired.put((milliseconds, elapsed >= UInt64(milliseconds) * 1_000_000))
                    }
                }
                _ = schedule(12)
                let cancelled = schedule(3)
                _ = schedule(1)
                _ = schedule(6)
                cancelled.cancel()
                cancelled.cancel()
            }
            let all = try await fired.next(3)
            #expect(all.map(\.0) == [1, 6, 12])
            #expect(all.map(\.1) == [true, true, true])
        }
    }

    @Test("a timer of no time, or of a negative one, fires in a later turn; one of all time never does")
    func extremes() async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let fired = Mailbox<Int>()
            loop.execute {
                loop.schedule(after: .seconds(Int64.max)) { fired.put(9) }
                loop.schedule(after: .zero) { fired.put(1) }
                loop.schedule(after: .seconds(-5)) { fired.put(2) }
                fired.put(0)
            }
            let order = try await fired.next(3)
            #expect(order == [0, 1, 2])
        }
    }

    @Test("a sleep lasts its time")
    func sleepLasts() async throws {
        try await withLoops(1) { loops in
            let start = EventLoop.nanosecondsNow()
            try await loops[0].sleep(for: .milliseconds(3))
            #expect(EventLoop.nanosecondsNow() - start >= 3_000_000)
        }
    }

    @Test("a cancelled sleep ends at once, before or after it began, and leaves no handle")
    func sleepIsCancelled() async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let handlesBefore = try await loop.call { loop.openHandleCount }
            let begun = Mailbox<Void>()
            let task = Task {
                begun.put(())
                try await loop.sleep(for: .seconds(3_600))
            }
            try await begun.next()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            // The handle closes at the end of the turn in which the cancellation came.
            try await loop.sleep(for: .milliseconds(1))
            try await loop.sleep(for: .milliseconds(1))
            #expect(try await loop.call { loop.openHandleCount } <= handlesBefore + 1)
        }
    }

    @Test("a sleep ends with an error when its loop stops, and on a stopped loop")
    func sleepOfStoppedLoop() async throws {
        let loop = try EventLoop.start(.init(name: "test"))
        let asleep = Mailbox<Void>()
        let failed = Mailbox<Bool>()
        loop.execute {
            Task.immediate(executorPreference: loop) {
                do { try await loop.sleep(for: .seconds(3_600)) } catch { failed.put(loop.isCurrent) }
            }
            asleep.put(())
        }
        try await asleep.next()
        loop.stop()
        #expect(try await failed.next())
        await #expect(throws: CancellationError.self) { try await loop.sleep(for: .milliseconds(1)) }
    }
}
