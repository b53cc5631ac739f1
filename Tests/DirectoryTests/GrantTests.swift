import DirectoryAPI
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("grants")
struct GrantTests {
    let consortium: Consortium
    let person: StaffMember
    var board: String { "boards/\(consortium.boards[0])" }

    init() async throws {
        consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        person = try consortium.person(email: "spaquet@csrb.example")
    }

    @Test("a role holds from its grant to its revocation")
    func givesAndTakes() async throws {
        let generation = consortium.directory.generation.current
        let grant = try await consortium.grant(.facilitator, to: person, over: board)
        #expect(try consortium.caller(person.id)?.holds(.facilitator, over: consortium.boards[0]) == true)
        let ended = try await consortium.revoke(grant.name)
        #expect(ended.hasEndTime)
        #expect(try consortium.caller(person.id)?.holds(.facilitator, over: consortium.boards[0]) == false)
        #expect(consortium.directory.generation.current == generation + 2)
        #expect(
            consortium.directory.events.types.suffix(2) == ["directory.grant.changed.v1", "directory.grant.changed.v1"])
        // Ended already: nothing more happens.
        #expect(try await consortium.revoke(grant.name) == ended)
    }

    @Test("the same grant twice is one")
    func isIdempotent() async throws {
        let grant = try await consortium.grant(.facilitator, to: person, over: board)
        #expect(try await consortium.grant(.facilitator, to: person, over: board) == grant)
        #expect(try consortium.grants().filter { $0.person == person.name }.count == 1)
    }

    @Test("a role over a school is none over its board")
    func isOverASchool() async throws {
        let school = OrgName(
            board: consortium.boards[0], org: try consortium.person(email: "lcharlebois@csrb.example").orgs[0])
        _ = try await consortium.grant(.principal, to: person, over: school.description)
        let caller = try #require(try consortium.caller(person.id))
        #expect(caller.roles.contains(.init(.principal, board: school.board, org: school.org)))
        #expect(!caller.holds(.principal, over: school.board))
    }

    @Test("nobody raises their own grants")
    func refusesOwn() async throws {
        let refusal = await status {
            try await consortium.grant(.privacyOfficer, to: consortium.lead, over: board)
        }
        #expect(refusal?.code == .permissionDenied)
        #expect(refusal?.reason == "OWN_GRANT")
        #expect(try consortium.grants().count == 3)
    }

    @Test("roles that nobody can give are refused", arguments: [Role.staff, .anyone, .operator, .service])
    func refusesRoles(role: Role) async throws {
        let refusal = await status { try await consortium.grant(role, to: person, over: board) }
        #expect(refusal?.violations.map(\.reason) == ["NOT_GRANTABLE"])
    }

    @Test("people and scopes of other boards are not found")
    func refusesStrangers() async throws {
        let stranger = try consortium.people { $0.parent = "boards/\(consortium.boards[1])" }[0]
        let member = try consortium.person(email: stranger.email)
        #expect(await status { try await consortium.grant(.mentor, to: member, over: board) }?.code == .notFound)
        for scope in ["boards/nowhere", "boards/-", "\(board)/orgs/nothing", "board"] {
            #expect(await status { try await consortium.grant(.mentor, to: person, over: scope) }?.code == .notFound)
        }
        let staff = try #require(try consortium.caller(person.id))
        let refusal = await status { try await consortium.grant(.mentor, to: member, over: board, as: staff) }
        #expect(refusal?.code == .permissionDenied)
    }

    @Test("the last lead of a board stays, and may go once there is another")
    func keepsTheLastLead() async throws {
        let own = try #require(try consortium.grants().first { $0.scope == board })
        #expect(await status { try await consortium.revoke(own.name) }?.reason == "LAST_BOARD_LEAD")
        _ = try await consortium.grant(.boardLead, to: person, over: board)
        _ = try await consortium.revoke(own.name)
        #expect(try consortium.leadCaller().holds(.boardLead, over: consortium.boards[0]) == false)
        #expect(try consortium.leadCaller().holds(.boardLead, over: consortium.boards[1]))
    }

    @Test("a caller is known until the first of their grants begins or ends")
    func knowsUntilWhen() async throws {
        let now = TestDirectory.now
        #expect(try consortium.caller(person.id)?.validUntil == .max)
        _ = try await consortium.grant(.mentor, to: person, over: board) { $0.endTime = .init(now + .seconds(600)) }
        _ = try await consortium.grant(.evaluator, to: person, over: board) { $0.startTime = .init(now + .seconds(60)) }
        let caller = try #require(try consortium.caller(person.id))
        #expect(caller.validUntil == now + .seconds(60))
        #expect(caller.holds(.mentor, over: consortium.boards[0]))
        #expect(!caller.holds(.evaluator, over: consortium.boards[0]))
        let later = try #require(try consortium.caller(person.id, at: now + .seconds(60)))
        #expect(later.holds(.evaluator, over: consortium.boards[0]))
        #expect(later.validUntil == now + .seconds(600))
        // Half-open: at the end itself it is over.
        let last = try #require(try consortium.caller(person.id, at: now + .seconds(600)))
        #expect(!last.holds(.mentor, over: consortium.boards[0]))
        #expect(last.validUntil == .max)
    }

    @Test("a grant that ends before it begins is refused")
    func refusesEmptyTimes() async throws {
        let refusal = await status {
            try await consortium.grant(.mentor, to: person, over: board) { $0.endTime = .init(TestDirectory.now) }
        }
        #expect(refusal?.violations.map(\.field) == ["end_time"])
    }
}
