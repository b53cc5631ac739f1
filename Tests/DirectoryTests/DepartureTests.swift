import DirectoryAPI
import FoundationEssentials
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("people who are in a roster no more")
struct DepartureTests {
    /// The people of the first board, the lead left out: p-0002 to p-0040.
    private static func rosterWithout(_ count: Int) throws -> Data {
        let gone = (2..<2 + count).map { "p-00" + ($0 < 10 ? "0" : "") + "\($0)" }
        return try RosterFixture.zip("oneroster_1.2") { files in
            files.removeRows(of: "users.csv") { row in gone.contains { row.hasPrefix($0 + ",") } }
            files.removeRows(of: "roles.csv") { row in gone.contains { row.hasPrefix("r-\($0)-") } }
        }
    }

    @Test("up to a tenth of a board may leave without a word")
    func letsAFewGo() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let generation = consortium.directory.generation.current
        let response = try await consortium.importRoster(Self.rosterWithout(4))
        #expect(response.people == .with { ($0.unchanged, $0.deactivated) = (116, 4) })
        #expect(response.assignments.deactivated >= 4)
        #expect(try consortium.people().count == 116)
        #expect(try consortium.people { $0.showLeft = true }.filter { $0.state == .left }.count == 4)
        #expect(consortium.directory.events.types.filter { $0 == "directory.person.left.v1" }.count == 4)
        #expect(consortium.directory.generation.current > generation)
    }

    @Test("more than a tenth needs a confirmation, which tells the counts")
    func asksForConfirmation() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let before = try consortium.dump()
        let zip = try Self.rosterWithout(5)
        let refusal = await status { try await consortium.importRoster(zip) }
        #expect(refusal?.code == .failedPrecondition)
        #expect(refusal?.reason == "CONFIRMATION_REQUIRED")
        #expect(refusal?.metadata == ["leaving": "5", "boards/\(consortium.boards[0])": "5/40"])
        #expect(try consortium.dump() == before)
        let response = try await consortium.importRoster(zip, confirmed: true)
        #expect(response.people.deactivated == 5)
    }

    @Test("who left may not come in; who comes back is invited again, with the same id")
    func invitesAgain() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let person = try consortium.person(email: "spaquet@csrb.example")
        _ = try await consortium.importRoster(Self.rosterWithout(1))
        #expect(try consortium.caller(person.id) == nil)
        let response = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        #expect(response.people == .with { ($0.unchanged, $0.updated) = (119, 1) })
        #expect(try consortium.person(email: "spaquet@csrb.example").id == person.id)
        #expect(try consortium.caller(person.id) != nil)
    }

    @Test("an import that would leave a board without a lead is refused, even when confirmed")
    func keepsTheLastLead() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let before = try consortium.dump()
        let zip = try RosterFixture.zip("oneroster_1.2") { files in
            files.removeRows(of: "users.csv") { $0.hasPrefix("p-0001,") }
            files.removeRows(of: "roles.csv") { $0.hasPrefix("r-p-0001-") }
        }
        let refusal = await status { try await consortium.importRoster(zip, confirmed: true) }
        #expect(refusal?.reason == "LAST_BOARD_LEAD")
        #expect(try consortium.dump() == before)
    }
}
