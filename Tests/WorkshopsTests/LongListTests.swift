import Metrics
import ModuleKit
import Store
import TestKit
import Testing
import WorkshopsAPI

@testable import WorkshopsModule

/// Long lists cost the same on each page, counted in steps of SQLite's machine.
@Suite("A list of 100,000")
struct LongListTests {
    private static let workshop = WorkshopName(board: "b", workshop: "w")

    @Test("registrations costs the same on each page")
    func registrations() async throws {
        try await walk { after, limit, reader in
            try Registration.list(
                Self.workshop, person: nil, showFinal: false, after: after?.turn ?? 0, limit: limit, in: reader)
        }
    }

    @Test("workshops costs the same on each page")
    func workshops() async throws {
        try await walk { after, limit, reader in
            try Workshop.list(
                board: "b", person: "nobody", seesDrafts: false,
                after: try after.map { PageKey(try $0.start(in: reader), $0.name.workshop) } ?? .start, limit: limit,
                in: reader)
        }
    }

    private func walk<Item>(_ list: (Item?, Int, Reader) throws -> [Item]) async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions(path: folder.file("test.db"))
        options.bodyBudget = .seconds(60)
        let store = try Store.open(options, metrics: MetricsRegistry())
        defer { store.close() }
        try store.migrate([ModuleMigrations(module: "workshops", migrations: WorkshopsModule().migrations)])
        try await store.write("fill") { db in try Self.fill(db) }
        let reader = try store.makeReader()
        var (last, steps, count): (Item?, [Int], Int) = (nil, [], 0)
        while true {
            let before = reader.stepCount
            let page = try list(last, 1_000, reader)
            count += page.count
            guard page.count == 1_000 else { break }
            steps.append(reader.stepCount - before)
            last = page.last
        }
        #expect(count == 100_000 || count == 100_001)
        #expect(steps.count == 100)
        let (least, most) = (try #require(steps.min()), try #require(steps.max()))
        #expect(least > 1_000)
        // An offset would make the last page a hundred times the first.
        #expect(most - least < 1_000, "\(steps)")
    }

    private static func fill(_ db: Transaction) throws {
        try db.execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
            INSERT INTO workshops_workshops (
                id, board_id, title, summary, mode, state, capacity, remote_reserve, waitlist_max, taken,
                taken_by_remote, waiting, join_seq, start_at, end_at, revision, created_at)
            SELECT CASE n WHEN 0 THEN 'w' ELSE printf('w-%06d', n) END, 'b', x'', x'', 'ONLINE', 'PUBLISHED', 10, 0,
                   100000, 0, 0, 0, 100000, n * 7919 % 100003, 4000000000000000, 1, 0
              FROM numbers
            """)
        try db.execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
            INSERT INTO workshops_registrations (
                id, workshop_id, person_id, state, is_remote, join_seq, revision, created_at)
            SELECT printf('r-%06d', n), 'w', printf('p-%06d', n), 'CONFIRMED', 0, n, 1, 0
              FROM numbers
            """)
    }
}

extension Workshop {
    /// Where the table says that it begins: these have no sessions.
    fileprivate func start(in db: some Queryable) throws -> Timestamp {
        try db.value("SELECT start_at FROM workshops_workshops WHERE id = ?1", name.workshop) ?? .max
    }
}
