import Store
import Testing

@Suite("Reading")
struct ReaderTests {
    @Test("who was answered sees their write, on every reader, at once")
    func readYourWrites() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        for id in 1...50 {
            try await test.add(id)
            for _ in 0..<2 {
                let reader = try test.store.makeReader()
                try reader.begin()
                #expect(try reader.value("SELECT count(*) FROM t WHERE id = ?1", id, as: Int.self) == 1)
                reader.end()
            }
        }
    }

    @Test("one reader, used for years, sees each write that was answered before its batch")
    func oneReader() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let ids = try await Self.readBetweenWrites(test)
        #expect(ids == [1, 2, 3, 4, 5])
    }

    private static func readBetweenWrites(_ test: TestStore) async throws -> [Int] {
        let reader = try test.store.makeReader()
        var seen: [Int] = []
        for id in 1...5 {
            try await test.add(id)
            try reader.begin()
            if let newest = try reader.value("SELECT max(id) FROM t", as: Int.self) { seen.append(newest) }
            reader.end()
        }
        return seen
    }

    @Test("between begin and end all queries see one state")
    func oneState() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        try reader.begin()
        #expect(try reader.value("SELECT count(*) FROM t", as: Int.self) == 1)
        try await test.add(1)
        #expect(try reader.value("SELECT count(*) FROM t", as: Int.self) == 1)
        reader.end()
        #expect(try reader.value("SELECT count(*) FROM t", as: Int.self) == 2)
    }

    @Test("a batch without a query holds no state")
    func lazyBegin() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        try reader.begin()
        try await test.add(1)
        #expect(try reader.value("SELECT count(*) FROM t", as: Int.self) == 2)
        reader.end()
    }

    @Test("a reader cannot write")
    func readOnly() throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        #expect(throws: StoreError.self) {
            try reader.query("DELETE FROM t RETURNING id") { row in try row.get(0, Int.self) }
        }
        #expect(try reader.value("SELECT count(*) FROM t", as: Int.self) == 1)
    }

    @Test("statements are cached up to the bound, and beyond it all still work")
    func cacheIsBounded() throws {
        let test = try TestStore { $0.statementCacheMax = 4 }
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        let texts: [SQL] = [
            "SELECT 10", "SELECT 11", "SELECT 12", "SELECT 13", "SELECT 14", "SELECT 15", "SELECT 16", "SELECT 17",
        ]
        for round in 0..<3 {
            for (index, sql) in texts.enumerated() {
                #expect(try reader.value(sql, as: Int.self) == 10 + index, "round \(round)")
                #expect(reader.cachedStatementCount <= 4)
            }
        }
    }

    @Test("the same statement may be used while its own rows are read")
    func nested() throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        func count(_ depth: Int) throws -> Int {
            try reader.query("SELECT 1 UNION ALL SELECT 2") { _ in depth == 0 ? 1 : try count(depth - 1) }.reduce(0, +)
        }
        #expect(try count(3) == 16)
    }
}
