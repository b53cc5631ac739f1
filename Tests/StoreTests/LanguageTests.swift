import Store
import TestSupport
import Testing

@Suite("Language: order and search")
struct LanguageTests {
    /// What of the acceptance data is about order.
    private struct Expected: Decodable {
        struct Sort: Decodable {
            var input, frenchOfCanada, names, namesByFamily: [String]
            enum CodingKeys: String, CodingKey {
                case input, names
                case frenchOfCanada = "fr_CA"
                case namesByFamily = "names_by_family"
            }
        }
        var sort: Sort
    }

    private func sorted(_ texts: [String], by key: (String) -> [UInt8]) -> [String] {
        texts.sorted { key($0).lexicographicallyPrecedes(key($1)) }
    }

    @Test("words that differ in accents only sort as fr-CA expects")
    func accents() throws {
        let sort = try Fixture.json("language.json", as: Expected.self).sort
        #expect(sorted(sort.input) { SortKey.make($0) } == sort.frenchOfCanada)
    }

    @Test("names sort by family name, then given name")
    func names() throws {
        let sort = try Fixture.json("language.json", as: Expected.self).sort
        let sorted = sorted(sort.names) { name in
            SortKey.make(name.split(separator: " ").reversed().map(String.init))
        }
        #expect(sorted == sort.namesByFamily)
    }

    @Test("a first text that begins another one sorts before it, whatever follows")
    func prefix() {
        let keys = [["Roy", "Zoé"], ["Royer", "Ana"]].map { SortKey.make($0) }
        #expect(keys[0].lexicographicallyPrecedes(keys[1]))
    }

    @Test("composed and decomposed letters have the same key")
    func composed() { #expect(SortKey.make("\u{e9}t\u{e9}") == SortKey.make("e\u{301}te\u{301}")) }

    @Test("SQLite orders the keys as they were compared here")
    func inTheDatabase() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let sort = try Fixture.json("language.json", as: Expected.self).sort
        try await test.store.write("fill") { db in
            for (index, word) in sort.input.enumerated() {
                try db.execute("INSERT INTO t (id, n, bytes) VALUES (?1, 0, ?2)", index + 1, SortKey.make(word))
            }
        }
        let order = try test.store.makeReader().query("SELECT id FROM t WHERE id > 0 ORDER BY bytes") { row in
            sort.input[try row.get(0) - 1]
        }
        #expect(order == sort.frenchOfCanada)
    }

    @Test(
        "texts are folded for search",
        arguments: [
            ("Œuvre d’Été", ["oeuvre", "d", "ete"]), ("ÆTHELRED", ["aethelred"]),
            ("Élodie-Anne O'Neil", ["elodie", "anne", "o", "neil"]),
            ("e\u{301}cole", ["ecole"]), ("ÇA, 2e année!", ["ca", "2e", "annee"]), ("", []), (" …« » ", []),
            ("Straße Ørsted", ["strasse", "orsted"]),
        ])
    func folded(text: String, terms: [String]) { #expect(Fold.searchTerms(text) == terms) }
}

@Suite("Search")
struct SearchIndexTests {
    private static let index = SearchIndex("test_search")

    private func makeStore(_ texts: [(String, String)]) async throws -> TestStore {
        let test = try TestStore(migrations: [
            ModuleMigrations(module: "test", migrations: [Self.index.creation])
        ])
        try await test.store.write("fill") { db in
            for (id, text) in texts { try Self.index.put(id, text, in: db) }
        }
        return test
    }

    private func found(_ words: String, _ test: TestStore, limit: Int = 100) throws -> [String] {
        try Self.index.match(words, limit: limit, in: try test.store.makeReader())
    }

    @Test("words are found without accents, with œ and æ folded, by their beginnings, all of them")
    func matches() async throws {
        let test = try await makeStore([
            ("a", "Élodie Abel-Lefèvre"), ("b", "Œuvre d’été"), ("c", "Ex æquo"), ("d", "Éloi Aubé"),
        ])
        defer { test.store.close() }
        let cases: [(String, [String])] = [
            ("elodie", ["a"]), ("ÉLO", ["a", "d"]), ("oeuv", ["b"]), ("œuvre", ["b"]), ("ae", ["c"]), ("æquo", ["c"]),
            ("lefevre elo", ["a"]), ("elo aube", ["d"]), ("lodie", []), ("", []), ("???", []),
            ("\" OR NEAR(a", []), ("elo* NOT aube", []), ("terms:elo", []),
        ]
        for (words, ids) in cases { #expect(try found(words, test) == ids, "\(words)") }
        #expect(try found("e", test, limit: 2) == ["a", "b"])
    }

    @Test("a changed text is found by its new words only, a removed one by none")
    func changes() async throws {
        let test = try await makeStore([("a", "vieux mot"), ("b", "autre")])
        defer { test.store.close() }
        try await test.store.write("change") { db in
            try Self.index.put("a", "neuf", in: db)
            try Self.index.remove("b", in: db)
            try Self.index.remove("never there", in: db)
        }
        #expect(try found("vieux", test) == [])
        #expect(try found("neuf", test) == ["a"])
        #expect(try found("autre", test) == [])
        try await test.store.write("rebuild") { db in try Self.index.rebuild(in: db) }
        #expect(try found("neuf", test) == ["a"])
    }

    @Test("a body that throws leaves the index as it was")
    func rolledBack() async throws {
        let test = try await makeStore([("a", "un")])
        defer { test.store.close() }
        await #expect(throws: Refusal.self) {
            try await test.store.write("change") { db in
                try Self.index.put("a", "deux", in: db)
                throw Refusal()
            }
        }
        #expect(try found("un", test) == ["a"])
        #expect(try found("deux", test) == [])
    }
}
