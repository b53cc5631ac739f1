import DirectoryAPI
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("imports into a database")
struct LargeImportTests {
    /// Users of version 1.1 who all work at s-01.
    private func roster(_ rows: [String]) throws -> [String: String] {
        var files: [String: String] = [:]
        _ = try RosterFixture.zip("oneroster_bad/formula") { files = $0 }
        let header = files["users.csv", default: ""].prefix { !$0.isNewline }
        files["users.csv"] = header + "\n" + rows.map { $0 + "\n" }.joined()
        return files
    }

    private func user(_ number: Int, email: Int? = nil, orgs: String = "s-01") -> String {
        """
        p-\(number),,,true,"\(orgs)",teacher,user\(number),,Ève-\(number),N'Diaye-\(number),,,u\(email ?? number)@csrb.example,,,,,
        """
    }

    private func run(_ files: [String: String], into consortium: Consortium, confirmed: Bool = false) async throws
        -> API.ImportRosterResponse
    {
        let zip = try RosterFixture.zip("oneroster_bad/formula") { $0 = files }
        return try await consortium.importRoster(zip, confirmed: confirmed)
    }

    @Test("two people may trade their mail addresses, and their main places")
    func swaps() async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        _ = try await run(roster([user(1, orgs: "s-01,s-02"), user(2)]), into: consortium)
        let response = try await run(
            roster([user(1, email: 2, orgs: "s-02,s-01"), user(2, email: 1)]), into: consortium)
        #expect(response.people == .with { $0.updated = 2 })
        #expect(response.assignments == .with { ($0.updated, $0.unchanged) = (2, 1) })
        #expect(try consortium.person(email: "u1@csrb.example").displayName == "Ève-2 N'Diaye-2")
    }

    @Test("a large board is imported, and found again")
    func isLarge() async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        let files = try roster((1...2_000).map { user($0) })
        #expect(try await run(files, into: consortium).people.created == 2_000)
        #expect(try await run(files, into: consortium).people.unchanged == 2_000)
        #expect(try consortium.people(pageSize: 1_000) { $0.query = "ndiaye1999" }.map(\.sourceID) == [])
        #expect(try consortium.people { $0.query = "eve 1999" }.map(\.sourceID) == ["p-1999"])
    }

    @Test("sort keys made by other rules are made anew")
    func renewsSortKeys() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let before = try consortium.dump()
        _ = try await consortium.directory.writeAsOperator { call in
            try call.db.execute("UPDATE directory_people SET sort_key = x'00'")
        }
        #expect(try consortium.dump() != before)
        _ = try await consortium.directory.writeAsOperator { call in
            try DirectoryModule().renewSortKeys(in: call.db)
        }
        #expect(try consortium.dump() == before)
    }
}
