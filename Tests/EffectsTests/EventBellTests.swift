import TestKit
import Testing

@testable import Daemon

@Suite("The bell of the log", .timeLimit(.minutes(1)))
struct EventBellTests {
    @Test("who waits is woken by what comes after, and not by what came before")
    func wakes() async throws {
        let bell = EventBell()
        bell.ring(3)
        try await bell.wait(after: 2)
        let waiter = Task { try await bell.wait(after: 3) }
        bell.ring(2)
        bell.ring(3)
        #expect(bell.latest == 3)
        bell.ring(4)
        try await waiter.value
        #expect(bell.latest == 4)
    }

    @Test("any number waits, each for its own event, in any order with the rings")
    func many() async throws {
        let bell = EventBell()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sequence in 0..<500 { group.addTask { try await bell.wait(after: Int64(sequence)) } }
            for sequence in 1...500 { group.addTask { bell.ring(Int64(sequence)) } }
            try await group.waitForAll()
        }
        #expect(bell.latest == 500)
    }

    @Test("a task that is cancelled stops waiting, before it began too")
    func cancelled() async {
        let bell = EventBell()
        let waiter = Task { try await bell.wait(after: 0) }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
    }
}
