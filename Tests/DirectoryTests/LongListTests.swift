import DirectoryAPI
import ModuleKit
import Store
import Testing

@testable import DirectoryModule

@Suite("a long list of people")
struct LongListTests {
    @Test("of 100,000 costs the same on each page, counted in steps of SQLite's machine")
    func steps() async throws {
        let directory = try TestDirectory()
        try await directory.store.write("fill") { db in try Self.fill(db) }
        let reader = try directory.store.makeReader()
        let filter = Person.Filter(showsLeft: false)
        var (place, steps, names) = (PageKey<[UInt8]>.start, [Int](), Set<String>())
        while true {
            let before = reader.stepCount
            let page = try Person.list(board: "b", filter, after: place, limit: 1_000, in: reader)
            guard page.count == 1_000, let last = page.last else { break }
            steps.append(reader.stepCount - before)
            for person in page { names.insert(person.name.person) }
            place = last.key
        }
        #expect(names.count == 100_000)
        #expect(steps.count == 100)
        let (least, most) = (try #require(steps.min()), try #require(steps.max()))
        #expect(least > 1_000)
        // One key more or less to seek; an offset would make the last page a hundred times the first.
        #expect(most - least < 100, "\(steps)")
    }

    /// A thousand people of two given names: one word finds too many to look them up one by one, two find few.
    @Test("is searched page by page as the whole list would be", arguments: ["éLO", "elodie nom-010", "none", "nom-0"])
    func search(query: String) async throws {
        let directory = try TestDirectory()
        let people = (0..<1_100).map { number in
            Person(
                name: PersonName(board: "b", person: "p-\(10_000 + number * 7_919 % 1_100)"), sourceID: "s-\(number)",
                details: Person.Details(
                    givenName: number % 2 == 0 ? "Élodie" : "Éloi", familyName: "Nom-0\(1_000 + number)",
                    preferredName: "", username: "u\(number)", email: "", languages: [], staffRole: ""),
                state: .active, createdAt: TestDirectory.now)
        }
        try await directory.store.write("fill") { db in
            try Self.board(db)
            for person in people { try person.insert(in: db) }
        }
        let expected = people.filter { SearchIndex.finds(query, in: $0.searchText) }
        let reader = try directory.store.makeReader()
        let filter = Person.Filter(query: query, showsLeft: false)
        var (place, found) = (PageKey<[UInt8]>.start, [Person]())
        while true {
            let page = try Person.list(board: "b", filter, after: place, limit: 70, in: reader)
            found += page
            guard page.count == 70, let last = page.last else { break }
            place = last.key
        }
        #expect(Set(found.map(\.name)) == Set(expected.map(\.name)))
        #expect(found.count == expected.count)
        #expect(query == "none" || found.count > 20)
        #expect(found.map(\.details.familyName) == found.map(\.details.familyName).sorted())
    }

    private static func board(_ db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_orgs (
                id, board_id, source_id, kind, title, zone, locality, is_remote, is_active, sort_key, revision,
                created_at)
            VALUES ('b', 'b', 'b', 'BOARD', 'b', 'America/Toronto', '', 0, 1, x'00', 1, 0)
            """)
    }

    private static func fill(_ db: Transaction) throws {
        try board(db)
        // In the order of their ids, which is not that of the list: 7919 has no divisor in common with 100,003.
        try db.execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
            INSERT INTO directory_people (
                id, board_id, source_id, given_name, family_name, preferred_name, username, email, languages,
                staff_role, state, sort_key, revision, created_at)
            SELECT printf('p-%06d', n), 'b', printf('s-%06d', n), 'Prénom', 'Nom', '', '', '', '', '', 'ACTIVE',
                   CAST(printf('%06d', n * 7919 % 100003) AS BLOB), 1, 0
              FROM numbers
            """)
    }
}
