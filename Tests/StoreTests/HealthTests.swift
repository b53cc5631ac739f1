import Store
import TestSupport
import Testing
import Threading

@Suite("Health")
struct HealthTests {
    @Test("after an unclean stop the store serves, checks the file in the background and says so")
    func uncleanStop() async throws {
        let folder = try TemporaryFolder()
        try TestStore(in: folder).store.close()
        try folder.write(Array("held by process 1\n".utf8), to: "lock")
        let (notices, checked) = (Lock<[StoreNotice]>([]), Gate())
        let test = try TestStore(in: folder) {
            $0.notice = { notice in
                notices.withLock { $0.append(notice) }
                if case .checked = notice { checked.open() }
            }
        }
        try await test.add(1)
        await checked.opened()
        #expect(notices.withLock { $0 } == [.uncleanStop, .checked(damage: nil)])
        #expect(test.store.health == .ok)
        test.store.close()
    }

    @Test("a damaged file is found after an unclean stop and stays in health")
    func damagedFile() async throws {
        let folder = try TemporaryFolder()
        let first = try TestStore(in: folder)
        for id in 1...2000 { first.store.submit("add", deliver: CountingSink(), Self.adding(id), { _ in }) }
        first.store.close()
        var bytes = try folder.read("cordee.db")
        // The last page is one of the table's leaves.
        for index in bytes.indices.suffix(4096).prefix(64) { bytes[index] = 0xFF }
        try folder.write(bytes, to: "cordee.db")
        try folder.write([1], to: "lock")
        let checked = Gate()
        let test = try TestStore(in: folder) { $0.notice = { if case .checked = $0 { checked.open() } } }
        await checked.opened()
        #expect(test.store.health == .failing(.corrupt))
        test.store.close()
        #expect(try folder.read("lock") != [])
    }

    private static func adding(_ id: Int) -> @Sendable (Transaction) throws -> Int {
        { db in try db.execute("INSERT INTO t (id, n, bytes) VALUES (?1, 0, x'00112233445566778899')", id) }
    }

    @Test("a full disk shows in health, reads go on, and it recovers by itself once there is room")
    func fullDisk() async throws {
        let test = try TestStore { $0.seams.pagesMax = 60 }
        defer { test.store.close() }
        let half = [UInt8](repeating: 7, count: 100_000)
        try await test.store.write("fill") { db in try db.execute("UPDATE t SET bytes = ?1 WHERE id = 0", half) }
        #expect(test.store.health == .ok)
        await #expect(throws: StoreError.full) {
            try await test.store.write("more") { db in
                try db.execute("INSERT INTO t (id, n, bytes) VALUES (5, 0, ?1)", half + half)
            }
        }
        #expect(test.store.health == .failing(.full))
        #expect(try test.ids() == [])
        try await test.store.write("free") { db in try db.execute("UPDATE t SET bytes = NULL WHERE id = 0") }
        #expect(test.store.health == .ok)
        try await test.add(1)
        #expect(try test.ids() == [1])
    }
}
