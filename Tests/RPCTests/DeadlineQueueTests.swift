import EventLoop
import TestSupport
import Testing

@testable import RPC

@Suite("Deadline queue", .timeLimit(.minutes(10)))
struct DeadlineQueueTests {
    private final class Item: Expiring {
        let expiresAt: UInt64
        var deadlineSlot = -1
        private let onExpire: (Item) -> Void

        init(at expiresAt: UInt64, _ onExpire: @escaping (Item) -> Void) {
            (self.expiresAt, self.onExpire) = (expiresAt, onExpire)
        }

        func expire() { onExpire(self) }
    }

    @Test("what is not taken out expires, in order, never early", arguments: UInt64(0)..<20)
    func agreesWithSort(seed: UInt64) async throws {
        let loop = try EventLoop.start(.init(name: "deadlines"))
        defer { loop.stop() }
        let (expected, expired, left): ([UInt64], [UInt64], Int) = await withCheckedContinuation { continuation in
            loop.execute {
                var random = Random(seed: seed)
                let queue = DeadlineQueue<Item>(on: loop)
                let now = EventLoop.nanosecondsNow()
                var expired: [UInt64] = []
                var expected: [UInt64] = []
                var items: [Item] = []
                for _ in 0..<200 {
                    if let index = items.indices.randomElement(using: &random), Bool.random(using: &random) {
                        queue.remove(items.remove(at: index))
                    } else {
                        let delay = UInt64.random(in: 0...8_000_000, using: &random)
                        let item = Item(at: now + delay) { item in
                            precondition(EventLoop.nanosecondsNow() >= item.expiresAt, "early")
                            expired.append(item.expiresAt)
                            if expired.count == expected.count {
                                continuation.resume(returning: (expected, expired, queue.count))
                            }
                        }
                        items.append(item)
                        queue.insert(item)
                    }
                }
                expected = items.map(\.expiresAt).sorted()
                if expected.isEmpty { continuation.resume(returning: ([], [], queue.count)) }
            }
        }
        #expect(expired == expected)
        #expect(left == 0)
    }
}
