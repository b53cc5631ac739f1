import Store
import TestSupport
import Testing
import Threading

@testable import class Store.ReportGate

@Suite("Long readers")
struct LongReaderTests {
    private static let pageBytes = 4096
    private static let walBytesMax = 100 * pageBytes
    /// What one write adds to the WAL: eight pages of the blob, one of the row, and what SQLite writes around them.
    private static let writeBytes = 11 * pageBytes
    private static let writeCount = 1000
    /// How many writes a report lasts.
    private static let reportWrites = 30

    /// How many writes were acked, for reports that last until there are more.
    private final class Progress: Sendable {
        private let count = Lock(0)
        private let changed = Condition()

        func advance(to count: Int) {
            self.count.withLock { $0 = count }
            changed.broadcast()
        }

        var current: Int { count.withLock { $0 } }

        func wait(until least: Int) { count.wait(on: changed, until: { $0 >= least }, then: { _ in }) }
    }

    /// Holds one state of the database while `reportWrites` more writes are acked.
    private static func report(_ progress: Progress, _ store: Store) async throws {
        try await store.report { db in
            let before = try db.value("SELECT n FROM t WHERE id = 0", as: Int.self)
            progress.wait(until: min(progress.current + reportWrites, writeCount))
            #expect(try db.value("SELECT n FROM t WHERE id = 0", as: Int.self) == before)
        }
    }

    /// Writes under reports of which one at least always runs; the largest size of the WAL's file.
    private func largestWAL(_ test: TestStore, reporters: Int) async throws -> Int {
        let progress = Progress()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<reporters {
                group.addTask {
                    while progress.current < Self.writeCount { try await Self.report(progress, test.store) }
                }
            }
            var largest = 0
            for number in 1...Self.writeCount {
                // Other bytes each time: SQLite does not write a page that stays the same.
                let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 30_000)
                try await test.store.write("grow") { db in
                    try db.execute("UPDATE t SET n = ?1, bytes = ?2 WHERE id = 0", number, bytes)
                }
                largest = max(largest, test.fileSize("cordee.db-wal"))
                progress.advance(to: number)
            }
            try await group.waitForAll()
            return largest
        }
    }

    @Test("reports that overlap without end do not make the WAL grow without end")
    func walIsBounded() async throws {
        let test = try TestStore {
            $0.checkpointBytes = 40 * Self.pageBytes
            $0.walBytesMax = Self.walBytesMax
            // Nothing is cut here, however slow the machine is.
            $0.reportTimeLimit = .seconds(3_600)
        }
        defer { test.store.close() }
        let largest = try await largestWAL(test, reporters: 4)
        #expect(test.metric("reports_held") > 0)
        #expect(test.metric("wal_restarts") > 0)
        // Beyond the bound comes what is written until the running reports have ended, twice that for a slow machine.
        let slack = 2 * 2 * Self.reportWrites * Self.writeBytes
        #expect(largest > Self.walBytesMax)
        #expect(largest < Self.walBytesMax + slack)
        #expect(Self.walBytesMax + slack < Self.writeCount * Self.writeBytes / 5)
    }

    @Test("the gate lets nobody in while it is shut, and is not shut for one that takes long")
    func gate() {
        let gate = ReportGate()
        #expect(!gate.enter(isLong: true))
        #expect(!gate.shut())
        #expect(!gate.enter(isLong: false))
        gate.leave(isLong: true)
        gate.leave(isLong: false)
        #expect(gate.shut())
        gate.open()
        #expect(!gate.enter(isLong: false))
        gate.leave(isLong: false)
        #expect(gate.shut())
        gate.close()
        #expect(gate.enter(isLong: false))
    }

    @Test("no report runs longer than the store lets it, whatever its caller asks for")
    func limited() async throws {
        let test = try TestStore { $0.reportTimeLimit = .milliseconds(20) }
        defer { test.store.close() }
        await #expect(throws: StoreError.timeLimit) {
            try await test.store.report(timeLimit: .seconds(3600)) { db in
                try db.value(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
                    as: Int.self)
            }
        }
        #expect(test.metric("reports_over_limit") == 1)
    }
}
