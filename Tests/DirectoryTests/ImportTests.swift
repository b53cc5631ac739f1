import DirectoryAPI
import FoundationEssentials
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("importing a roster")
struct ImportTests {
    @Test(
        "each version brings the boards, schools, people and places of the acceptance data",
        arguments: ["oneroster_1.1", "oneroster_1.2"])
    func bringsAll(set: String) async throws {
        let expected = try RosterFixture.json("oneroster_expected.json", as: ExpectedCounts.self)
        let consortium = try await Consortium()
        let response = try await consortium.importRoster(RosterFixture.zip(set))

        #expect(response.orgs.created == expected.orgs - expected.boards)
        #expect(response.orgs.updated == expected.boards)
        // The lead was there: the roster completes the record.
        #expect(response.people.created == expected.staff - 1)
        #expect(response.people.updated == 1)
        #expect(response.assignments.created == expected.rolesRows)
        #expect(response.warnings.isEmpty)
        let people = try consortium.people()
        #expect(people.count == expected.staff)
        #expect(people.filter { $0.assignments.count == 2 }.count == expected.twoSchools)
        let byRole = Dictionary(grouping: people, by: { $0.assignments[0].role }).mapValues(\.count)
        #expect(byRole == (set.hasSuffix("1.1") ? expected.byRoleV11 : expected.byRole))
        for (board, id) in zip(Consortium.boards, consortium.boards) {
            #expect(people.filter { $0.name.hasPrefix("boards/\(id)/") }.count == expected.byBoard[board])
        }
    }

    @Test("version 1.2 tells schools that are remote, and each person's work")
    func readsExtensions() async throws {
        let expected = try RosterFixture.json("oneroster_expected.json", as: ExpectedCounts.self)
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let people = try consortium.people()
        #expect(Dictionary(grouping: people, by: \.staffRole).mapValues(\.count) == expected.byStaffRole)
        let orgs = try consortium.directory.read(
            DirectoryMethods.listOrgs, API.ListOrgsRequest(), as: consortium.leadCaller(),
            consortium.directory.handlers.listOrgs
        ).orgs
        #expect(orgs.count == expected.orgs)
        #expect(orgs.filter(\.remote).count == expected.remoteSchools)
        #expect(orgs.allSatisfy { !$0.zone.isEmpty && $0.active })
        let remote = try people.filter {
            try consortium.person(email: $0.email).isRemote
        }
        #expect(remote.count == expected.staffWhosePrimarySchoolIsRemote)
    }

    @Test("a second import changes nothing", arguments: ["oneroster_1.1", "oneroster_1.2"])
    func isIdempotent(set: String) async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip(set))
        let before = try consortium.dump()
        let events = consortium.directory.events.all.count
        let response = try await consortium.importRoster(RosterFixture.zip(set))
        #expect(response.orgs == .with { $0.unchanged = 15 })
        #expect(response.people == .with { $0.unchanged = 120 })
        #expect(response.assignments == .with { $0.unchanged = 126 })
        #expect(try consortium.dump() == before)
        #expect(consortium.directory.events.all.count == events)
    }

    @Test("validate_only counts and changes nothing")
    func validatesOnly() async throws {
        let consortium = try await Consortium()
        let before = try consortium.dump()
        let response = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"), validateOnly: true)
        #expect(response.people.created == 119)
        #expect(try consortium.dump() == before)
    }

    @Test("names and addresses are stored byte for byte")
    func keepsBytes() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let expected = try RosterFixture.json("people_index.json", as: [IndexedPerson].self)
        let people = Dictionary(uniqueKeysWithValues: try consortium.people().map { ($0.sourceID, $0) })
        for person in expected {
            let found = try #require(people[person.id])
            #expect(Array(found.givenName.utf8) == Array(person.given.utf8))
            #expect(Array(found.familyName.utf8) == Array(person.family.utf8))
            #expect(found.username == person.username)
            #expect(found.email == person.email)
        }
    }

    @Test("the founding lead becomes the roster's person, with the same id and grants")
    func completesTheLead() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let lead = try consortium.person(email: "cstamour@csrb.example")
        #expect(lead.id == consortium.lead.id)
        #expect(lead.displayName == "Cédric St-Amour")
        let caller = try consortium.leadCaller()
        #expect(consortium.boards.allSatisfy { caller.holds(.boardLead, over: $0) })
    }

    @Test("a row of a board that the import does not cover is refused with its line")
    func refusesForeignRows() async throws {
        let consortium = try await Consortium()
        let before = try consortium.dump()
        let refusal = await status {
            try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"), boards: [consortium.boards[0]])
        }
        #expect(refusal?.reason == "ROSTER_REJECTED")
        #expect(refusal?.metadata["code"] == "FOREIGN_BOARD")
        // b-cscgp, the second of three boards, and its rows: 2 boards, 8 schools, 80 people.
        #expect(refusal?.violations.first?.field == "orgs.csv:3:sourcedId")
        #expect(refusal?.violations.count == 90)
        #expect(refusal?.violations.allSatisfy { $0.reason == "FOREIGN_BOARD" } == true)
        #expect(try consortium.dump() == before)
    }

    @Test("a board that is not the caller's is not found, whether it exists or not")
    func hidesBoards() async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        let other = try await consortium.directory.writeAsOperator { call in
            try DirectoryPeople().found(
                boards: ["b-csbc"], lead: FoundingLead(email: "x@csbc.example", givenName: "", familyName: ""),
                in: call)
        }
        for board in [other.boards[0], "nowhere", "-"] {
            let refusal = await status {
                try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"), boards: [board])
            }
            #expect(refusal == Status.notFound("boards/\(board)"))
        }
    }

    @Test("a board without a row, an unknown zone and an address of somebody else are named")
    func refusesMisfits() async throws {
        let consortium = try await Consortium()
        let missing = await status {
            try await consortium.importRoster(RosterFixture.zip("oneroster_bad/formula"), boards: consortium.boards)
        }
        #expect(missing?.metadata["code"] == "MISSING_BOARD")
        #expect(missing?.violations.first?.field == "orgs.csv")
        let zone = await status {
            try await consortium.importRoster(
                RosterFixture.zip("oneroster_1.2") {
                    $0["orgs.csv"] = $0["orgs.csv", default: ""].replacingFirst("America/Toronto", by: "America/Ville")
                })
        }
        #expect(zone?.violations.map(\.field) == ["orgs.csv:2:metadata.cordee.timeZone"])
        #expect(zone?.violations.first?.reason == "UNKNOWN_ZONE")
    }

    @Test(
        "what is no zip, or unpacks to too much, is refused as an archive", arguments: ["NOT_ZIP", "TOTAL_TOO_LARGE"])
    func refusesArchives(code: String) async throws {
        let settings = code == "NOT_ZIP" ? [:] : ["roster_unpacked_bytes_max": 1_000]
        let consortium = try await Consortium(settings: settings)
        let zip = code == "NOT_ZIP" ? .init([1, 2, 3]) : try RosterFixture.zip("oneroster_1.2")
        let refusal = await status { try await consortium.importRoster(zip) }
        #expect(refusal?.code == .invalidArgument)
        #expect(refusal?.reason == "ARCHIVE_REJECTED")
        #expect(refusal?.metadata["code"] == code)
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, by other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return replacingCharacters(in: range, with: other)
    }

    private func firstRange(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }

    private func replacingCharacters(in range: Range<Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
