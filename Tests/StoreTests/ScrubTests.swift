import Store
import TestSupport
import Testing

@Suite("Ridding the files of what was deleted")
struct ScrubTests {
    private static let search = SearchIndex("test_search")
    private static let tables = ModuleMigrations(
        module: "test",
        migrations: [
            Migration(
                "people",
                """
                CREATE TABLE test_people (id TEXT PRIMARY KEY, given TEXT NOT NULL, family TEXT NOT NULL) STRICT;
                CREATE INDEX test_people_by_name ON test_people (family, id);
                CREATE TABLE test_places (
                    id INTEGER PRIMARY KEY,
                    person_id TEXT NOT NULL REFERENCES test_people (id) ON DELETE CASCADE
                ) STRICT;
                """), search.creation,
        ])

    @Test(
        "after any history of rows nothing of a deleted one is in a file, and all others are there with what refers to them",
        arguments: UInt64(0)..<24)
    func gaps(seed: UInt64) async throws {
        let test = try TestStore(migrations: [Self.tables])
        var random = Random(seed: seed)
        let (count, word) = (Int.random(in: 50...900, using: &random), "zwolfbrockhoff")
        let secret = Int.random(in: 0..<count, using: &random)
        for id in (0..<count).shuffled(using: &random) {
            let family = id == secret ? word : Self.word(using: &random)
            try await test.store.write("insert") { db in
                try db.execute("INSERT INTO test_people VALUES (?1, ?2, ?3)", Self.key(id), family, family)
                try db.execute("INSERT INTO test_places (id, person_id) VALUES (?1, ?2)", id, Self.key(id))
                try Self.search.put(Self.key(id), family, in: db)
            }
        }
        // Rows that grow and go make others move between pages.
        for _ in 0..<400 {
            let id = Int.random(in: 0..<count, using: &random)
            let given = (id == secret ? word : "y") + Self.word(using: &random)
            let goes = id != secret && Int.random(in: 0..<10, using: &random) < 3
            try await test.store.write("change") { db in
                if goes {
                    try db.execute("DELETE FROM test_people WHERE id = ?1", Self.key(id))
                } else {
                    try db.execute("UPDATE test_people SET given = ?2 WHERE id = ?1", Self.key(id), given)
                }
            }
        }
        try await test.store.write("delete") { db in
            try db.execute("DELETE FROM test_people WHERE id = ?1", Self.key(secret))
            try Self.search.remove(Self.key(secret), in: db)
        }
        let before = try Self.rows(test.store)
        try await test.store.scrub([PersonalTable("test_people")], [Self.search])
        #expect(try Self.rows(test.store) == before && before.count > 20)
        #expect(test.fileSize("cordee.db-wal") == 0)
        for name in test.folder.contents {
            let text = String(decoding: try test.folder.read(name), as: Unicode.ASCII.self)
            #expect(!text.utf8.contains(word.utf8), "\(name)")
        }
        // References are checked again.
        await #expect(throws: StoreError.self) {
            try await test.store.write("bad") { db in
                try db.execute("INSERT INTO test_places (id, person_id) VALUES (99999, 'nobody')")
            }
        }
        test.store.close()
    }

    private static func key(_ id: Int) -> String { "person-\(100_000 + id)" }

    private static func word(using random: inout Random) -> String {
        String(
            (0..<Int.random(in: 3...60, using: &random)).map { _ in
                Character(UnicodeScalar(UInt8.random(in: 0x61...0x6A, using: &random)))
            })
    }

    /// People with their places, and who is found.
    private static func rows(_ store: Store) throws -> [String] {
        let reader = try store.makeReader()
        return try reader.query(
            """
            SELECT p.id, p.given, p.family, q.id
              FROM test_people AS p JOIN test_places AS q ON q.person_id = p.id
             ORDER BY p.id
            """
        ) { row in
            "\(try row.get(0, String.self)) \(try row.get(1, String.self)) \(try row.get(2, String.self)) \(try row.get(3, Int.self))"
        } + search.match("a", limit: 10_000, in: reader)
    }
}
