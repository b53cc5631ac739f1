import DirectoryAPI
import FoundationEssentials
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("the states of people, and what is changed by hand")
struct PersonStateTests {
    private func imported() async throws -> Consortium {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        return consortium
    }

    private func move(
        _ consortium: Consortium, _ verb: String, _ name: String, as caller: Caller? = nil
    ) async throws -> API.Person {
        let handlers = consortium.directory.handlers
        let lead = try caller ?? consortium.leadCaller()
        switch verb {
        case "suspend":
            return try await consortium.directory.write(
                DirectoryMethods.suspendPerson, .with { $0.name = name }, as: lead
            ) { try handlers.suspendPerson($0, $1) }
        case "reinstate":
            return try await consortium.directory.write(
                DirectoryMethods.reinstatePerson, .with { $0.name = name }, as: lead
            ) { try handlers.reinstatePerson($0, $1) }
        default:
            return try await consortium.directory.write(
                DirectoryMethods.markPersonLeft, .with { $0.name = name }, as: lead
            ) { try handlers.markPersonLeft($0, $1) }
        }
    }

    @Test("who is suspended may not come in, from the next look-up on; once reinstated they are what they were")
    func suspends() async throws {
        let consortium = try await imported()
        let person = try #require(try consortium.people { $0.query = "paquet solene" }.first)
        let id = String(try #require(person.name.split(separator: "/").last))
        #expect(try consortium.caller(id) != nil)
        let generation = consortium.directory.generation.current
        #expect(try await move(consortium, "suspend", person.name).state == .suspended)
        #expect(consortium.directory.generation.current != generation)
        #expect(try consortium.caller(id) == nil)
        let twice = try #require(await status { try await move(consortium, "suspend", person.name) })
        #expect((twice.reason, twice.metadata["state"]) == ("PERSON_STATE", "SUSPENDED"))
        #expect(try await move(consortium, "reinstate", person.name).state == person.state)
        #expect(try consortium.caller(id) != nil)
        let again = try #require(await status { try await move(consortium, "reinstate", person.name) })
        #expect(again.reason == "PERSON_STATE")
        #expect(
            consortium.directory.events.types.suffix(2) == [
                "directory.person.suspended.v1", "directory.person.reinstated.v1",
            ])
    }

    @Test("who is marked as having left works nowhere any more, and a roster that names them invites them anew")
    func leaves() async throws {
        let consortium = try await imported()
        let person = try #require(try consortium.people { $0.query = "paquet solene" }.first)
        let left = try await move(consortium, "leave", person.name)
        #expect(left.state == .left && left.assignments.isEmpty)
        #expect(consortium.directory.events.types.last == "directory.person.left.v1")
        #expect(try consortium.people { $0.query = "paquet solene" }.isEmpty)
        let twice = try #require(await status { try await move(consortium, "leave", person.name) })
        #expect(twice.reason == "PERSON_STATE")
        let response = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        #expect(response.people == .with { ($0.updated, $0.unchanged) = (1, 119) })
        #expect(try consortium.people { $0.query = "paquet solene" }.map(\.state) == [.invited])
    }

    @Test("the last lead of a board is neither suspended nor marked as having left", arguments: ["suspend", "leave"])
    func lastLead(verb: String) async throws {
        let consortium = try await imported()
        let refusal = try #require(await status { try await move(consortium, verb, consortium.lead.name) })
        #expect(refusal.reason == "LAST_BOARD_LEAD")
    }

    @Test("people say how they are called and what they speak, and nothing that the roster says; no one else does")
    func updatesSelf() async throws {
        let consortium = try await imported()
        let handlers = consortium.directory.handlers
        let person = try #require(try consortium.people { $0.query = "paquet solene" }.first)
        let id = String(try #require(person.name.split(separator: "/").last))
        let own = try #require(try consortium.caller(id))
        func update(_ fill: @escaping (inout API.Person) -> Void, as caller: Caller) async throws -> API.Person {
            try await consortium.directory.write(
                DirectoryMethods.updatePerson,
                .with {
                    $0.person.name = person.name
                    fill(&$0.person)
                }, as: caller
            ) { try handlers.updatePerson($0, $1) }
        }
        let after = try await update({ ($0.preferredName, $0.languages) = ("Sol", ["fr", "en-CA"]) }, as: own)
        #expect((after.preferredName, after.languages) == ("Sol", ["fr", "en-CA"]))
        #expect(try consortium.people { $0.query = "sol" }.map(\.name).contains(person.name))
        let name = try #require(await status { try await update({ $0.familyName = "Autre" }, as: own) })
        #expect(name.reason == "ROSTER_FIELD")
        let tag = try #require(await status { try await update({ $0.languages = ["français!"] }, as: own) })
        #expect(tag.violations.map(\.reason) == ["BAD_LANGUAGE"])
        let stale = try #require(await status { try await update({ $0.etag = "\"z\"" }, as: own) })
        #expect(stale.reason == "ETAG_MISMATCH")
        let other = try #require(
            try consortium.people().first { $0.name != person.name && $0.name != consortium.lead.name })
        let otherID = String(try #require(other.name.split(separator: "/").last))
        let stranger = try #require(try consortium.caller(otherID))
        let refusal = try #require(await status { try await update({ $0.preferredName = "X" }, as: stranger) })
        #expect(refusal.code == .notFound)
        // The next roster knows no preferred name: the person's own word stays.
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        #expect(try consortium.people { $0.query = "paquet solene" }.map(\.preferredName) == ["Sol"])
    }

    @Test("lists are narrowed by role, by remoteness and by language, with and without a query")
    func filters() async throws {
        let consortium = try await imported()
        let all = try consortium.people()
        let remote = Set(
            try consortium.directory.read(
                DirectoryMethods.listOrgs, .with { $0.pageSize = 1_000 }, as: consortium.leadCaller(),
                consortium.directory.handlers.listOrgs
            ).orgs.filter(\.remote).map(\.name))
        for role in ["technopedagogue", "teacher", "principal", "nobody"] {
            let expected = all.filter { $0.staffRole == role || $0.assignments.map(\.role).contains(role) }
            #expect(try consortium.people { $0.role = role } == expected, "\(role)")
            #expect(expected.isEmpty == (role == "nobody"))
        }
        for isRemote in [true, false] {
            let expected = all.filter { remote.contains($0.assignments[0].org) == isRemote }
            #expect(try consortium.people { $0.remote = isRemote } == expected)
            #expect(!expected.isEmpty)
        }
        let english = all.filter { $0.languages.contains("en") }
        #expect(try consortium.people { $0.language = "EN" } == english)
        #expect(!english.isEmpty && english.count < all.count)
        let searched = try consortium.people { ($0.query, $0.language) = ("s", "en") }
        #expect(!searched.isEmpty && searched.allSatisfy { $0.languages.contains("en") })
        let refusal = await status { try consortium.people { $0.language = "%" } }
        #expect(refusal?.violations.map(\.reason) == ["BAD_LANGUAGE"])
    }

    @Test("the staff are counted by place, role and work; a principal sees the own school alone")
    func reports() async throws {
        let consortium = try await imported()
        let board = "boards/\(consortium.boards[0])"
        func report(as caller: Caller) throws -> [API.StaffCount] {
            try consortium.directory.read(
                DirectoryMethods.reportStaff, .with { $0.parent = board }, as: caller,
                consortium.directory.handlers.reportStaff
            ).counts
        }
        let people = try consortium.people().filter { $0.name.hasPrefix(board + "/") }
        let counts = try report(as: consortium.leadCaller())
        #expect(counts.reduce(0) { $0 + Int($1.count) } == people.count)
        for count in counts {
            let same = people.filter {
                $0.assignments[0].org == count.org && $0.assignments[0].role == count.role
                    && $0.staffRole == count.staffRole
            }
            #expect(Int(count.count) == same.count)
        }
        let other = try #require(people.first { $0.email != "cstamour@csrb.example" })
        let principal = try consortium.person(email: other.email)
        let school = try #require(counts.first { $0.role == "teacher" && !$0.org.hasSuffix(consortium.boards[0]) }).org
        _ = try await consortium.grant(.principal, to: principal, over: school)
        let own = try report(as: try #require(try consortium.caller(principal.id)))
        #expect(own == counts.filter { $0.org == school } && !own.isEmpty)
    }

    @Test("a lead changes the zone and the town of an org, but neither its name nor a zone that does not exist")
    func updatesOrg() async throws {
        let consortium = try await imported()
        let handlers = consortium.directory.handlers
        let org = try #require(
            try consortium.directory.read(
                DirectoryMethods.listOrgs, .init(), as: consortium.leadCaller(), handlers.listOrgs
            ).orgs.first { $0.kind == .school })
        func update(_ fill: @escaping (inout API.Org) -> Void) async throws -> API.Org {
            try await consortium.directory.write(
                DirectoryMethods.updateOrg,
                .with {
                    ($0.org.name, $0.org.etag) = (org.name, org.etag)
                    fill(&$0.org)
                }, as: consortium.leadCaller()
            ) { try handlers.updateOrg($0, $1) }
        }
        let name = try #require(await status { try await update { $0.title = "Autre" } })
        #expect(name.reason == "ROSTER_FIELD")
        let zone = try #require(await status { try await update { $0.zone = "Mars/Olympus" } })
        #expect(zone.violations.map(\.reason) == ["UNKNOWN_ZONE"])
        let after = try await update { ($0.zone, $0.locality) = ("America/Winnipeg", "Kenora") }
        #expect((after.zone, after.locality, after.title) == ("America/Winnipeg", "Kenora", org.title))
        let stale = try #require(await status { try await update { $0.locality = "Dryden" } })
        #expect(stale.reason == "ETAG_MISMATCH")
    }
}
