import DirectoryAPI
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("the sets of oneroster_bad")
struct BadRosterTests {
    static let sets: [ExpectedErrors.Row] =
        (try? RosterFixture.json("oneroster_bad/expected.json", as: ExpectedErrors.self).errors) ?? []

    @Test("there are fourteen") func areAllThere() { #expect(Self.sets.count == 14) }

    @Test("each gives its code, file and line, and an error changes not one row", arguments: sets)
    func tellsTheProblem(expected: ExpectedErrors.Row) async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        let before = try consortium.dump()
        let zip = try RosterFixture.zip("oneroster_bad/\(expected.set)")
        if expected.code == "OK" || expected.code.hasPrefix("WARNING_") {
            let response = try await consortium.importRoster(zip)
            let places = response.warnings.map { "\($0.code) \($0.file) \($0.line)" }
            #expect(
                places == (expected.code == "OK" ? [] : ["\(expected.code) \(expected.file) \(expected.line ?? 0)"]))
            #expect(response.people.created == 1)
            return
        }
        let refusal = try #require(await status { try await consortium.importRoster(zip) })
        #expect(refusal.code == .failedPrecondition)
        #expect(refusal.reason == "ROSTER_REJECTED")
        #expect(refusal.metadata["code"] == expected.code)
        #expect(refusal.metadata["file"] == expected.file)
        #expect(refusal.metadata["line"] == expected.line.map { "\($0)" })
        #expect(refusal.metadata["column"] == expected.column)
        #expect(refusal.violations.first?.reason == expected.code)
        #expect(try consortium.dump() == before)
    }

    @Test("a formula is stored as the text it is")
    func keepsFormulas() async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_bad/formula"))
        #expect(try consortium.people().map(\.givenName).contains("=HYPERLINK(\"x\")"))
    }
}
