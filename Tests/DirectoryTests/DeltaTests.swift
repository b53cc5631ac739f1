import DirectoryAPI
import FoundationEssentials
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("importing a delta")
struct DeltaTests {
    private func imported() async throws -> Consortium {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        return consortium
    }

    @Test("one move, one removal, one arrival: 120 people in 126 places; a second time nothing changes")
    func acceptance() async throws {
        let consortium = try await imported()
        let delta = try RosterFixture.zip("oneroster_1.2_delta")
        let response = try await consortium.importRoster(delta)
        #expect(response.people == .with { ($0.created, $0.unchanged, $0.deactivated) = (1, 119, 1) })
        #expect(response.assignments == .with { ($0.created, $0.unchanged, $0.deactivated) = (2, 124, 2) })
        let people = try consortium.people()
        #expect(people.count == 120)
        #expect(people.reduce(0) { $0 + $1.assignments.count } == 126)
        #expect(Set(people.map(\.username)).count == 120)
        #expect(try consortium.people { $0.query = "aicha belanger-ndiaye" }.map(\.sourceID) == ["p-0121"])
        #expect(try consortium.people { $0.query = "hebert florence" }.map(\.sourceID).contains("p-0093") == false)
        #expect(consortium.directory.events.types.filter { $0 == "directory.person.left.v1" }.count == 1)

        let before = try consortium.dump()
        let again = try await consortium.importRoster(delta)
        #expect(again.people == .with { $0.unchanged = 120 })
        #expect(again.assignments == .with { $0.unchanged = 126 })
        #expect(try consortium.dump() == before)
    }

    @Test(
        "a change of what is not there is refused by code, file, line and column, and nothing changes",
        arguments: [
            ("users.csv", "p-0093,tobedeleted", "p-9999,tobedeleted", "UNKNOWN_REFERENCE", "users.csv:3:sourcedId"),
            (
                "roles.csv", "p-0053,primary,teacher,2026-11-23,,s-06", "p-9999,primary,teacher,2026-11-23,,s-06",
                "UNKNOWN_REFERENCE", "roles.csv:3:userSourcedId"
            ),
            (
                "roles.csv", "p-0093,primary,teacher,2026-09-01,2026-11-20,s-09",
                "p-9999,primary,teacher,2026-09-01,2026-11-20,s-09", "UNKNOWN_REFERENCE", "roles.csv:4:userSourcedId"
            ),
            (
                "roles.csv", "2026-11-23,,s-06", "2026-11-23,,s-99", "UNKNOWN_REFERENCE", "roles.csv:3:orgSourcedId"
            ),
            ("roles.csv", "r-p-0053-s-05,tobedeleted", "r-p-0053-s-05,active", "PRIMARY_ROLE", "roles.csv:3"),
            ("users.csv", "abelangerndiaye,", "spaquet,", "USERNAME_TAKEN", "users.csv:4:username"),
            ("users.csv", "abelangerndiaye@csrb", "spaquet@csrb", "EMAIL_TAKEN", "users.csv:4:email"),
        ])
    func unknown(file: String, old: String, new: String, code: String, place: String) async throws {
        let consortium = try await imported()
        let before = try consortium.dump()
        let zip = try RosterFixture.zip("oneroster_1.2_delta") { files in
            #expect(files[file]?.contains(old) == true)
            files[file] = files[file]?.replacing(old, with: new)
        }
        let refusal = try #require(await status { try await consortium.importRoster(zip) })
        #expect((refusal.code, refusal.reason) == (.failedPrecondition, "ROSTER_REJECTED"))
        #expect(refusal.violations.map(\.reason).contains(code))
        #expect(refusal.violations.map(\.field).contains(place))
        #expect(try consortium.dump() == before)
    }

    @Test("a delta that ends more than a tenth of a board's staff is stopped until it is confirmed")
    func departures() async throws {
        let consortium = try await imported()
        let ids = try consortium.people(pageSize: 1_000).map(\.sourceID).filter { $0 != "p-0001" }
        let zip = try RosterFixture.zip("oneroster_1.2_delta") { files in
            let header = files["users.csv", default: ""].prefix { !$0.isNewline }
            let commas = String(repeating: ",", count: 19)
            let rows = ids.prefix(40).map { "\($0),tobedeleted,2026-11-20T14:00:00.000Z\(commas)," }
            files["users.csv"] = header + "\n" + rows.map { $0 + "\n" }.joined()
            files["roles.csv"] = files["roles.csv", default: ""].prefix { !$0.isNewline } + "\n"
        }
        let refusal = try #require(await status { try await consortium.importRoster(zip) })
        #expect(refusal.reason == "CONFIRMATION_REQUIRED")
        #expect(try consortium.people().count == 120)
        let response = try await consortium.importRoster(zip, confirmed: true)
        #expect(response.people.deactivated == 40)
        #expect(try consortium.people().count == 80)
    }

    @Test(
        "a request that names another mode than the package is refused",
        arguments: [
            ("oneroster_1.2", API.RosterMode.delta), ("oneroster_1.2_delta", .bulk),
        ])
    func otherMode(set: String, mode: API.RosterMode) async throws {
        let consortium = try await imported()
        let refusal = try #require(
            await status { try await consortium.importRoster(RosterFixture.zip(set), mode: mode) })
        #expect(refusal.violations.map(\.reason) == ["OTHER_MODE"])
        let right: API.RosterMode = mode == .bulk ? .delta : .bulk
        _ = try await consortium.importRoster(RosterFixture.zip(set), mode: right)
    }
}
