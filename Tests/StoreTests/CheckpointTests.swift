import Store
import Testing

@testable import struct Store.CheckpointPolicy

@Suite("Checkpoints")
struct CheckpointTests {
    @Test("one is due at each step of growth, and anew when the WAL has started anew")
    func steps() {
        var policy = CheckpointPolicy(stepPages: 10, pagesMax: 100)
        #expect(
            [5, 9, 10, 15, 19, 20, 3, 9, 10].map { policy.committed(walPages: $0) }
                == [false, false, true, false, false, true, false, false, true])
    }

    @Test("above its bound the WAL must start anew")
    func restart() {
        let policy = CheckpointPolicy(stepPages: 10, pagesMax: 100)
        #expect(!policy.mustRestart(walPages: 100))
        #expect(policy.mustRestart(walPages: 101))
    }

    @Test("under steady writing the WAL stays near its bound")
    func walIsBounded() async throws {
        let test = try TestStore {
            $0.checkpointBytes = 40 * 4096
            $0.walBytesMax = 100 * 4096
        }
        defer { test.store.close() }
        var largest: Int64 = 0
        for round in 0..<300 {
            // Other bytes each time: SQLite does not write a page that stays the same.
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: 30_000)
            try await test.store.write("grow") { db in try db.execute("UPDATE t SET bytes = ?1 WHERE id = 0", bytes) }
            largest = max(largest, test.metric("wal_bytes"))
        }
        // 300 writes of 9 pages each would be 11 MB; a checkpoint may take as long as some dozens of writes.
        #expect(largest > 0)
        #expect(largest < 6_000_000)
        #expect(test.metric("checkpoints") > 0)
    }
}
