import ModuleKit
import Testing

@Suite("An access rule")
struct AccessRuleTests {
    private static func rule(_ permissions: (Role, CordeeAPI_Scope)...) -> AccessRule {
        AccessRule(
            .with {
                $0.allow = permissions.map { role, scope in
                    .with {
                        $0.role = role
                        $0.over = scope
                    }
                }
            })
    }

    private static func person(_ roles: [Caller.HeldRole], id: String = "p") -> Caller {
        Caller(.person(id: id, board: "a"), roles: roles, displayName: "")
    }

    private let staff = AccessRuleTests.person([.init(.staff, board: "a")])
    private let lead = AccessRuleTests.person([.init(.staff, board: "a"), .init(.boardLead, board: "a")])

    @Test("asks nobody for a token, and refuses who is known and lacks the role")
    func admits() {
        let leads = Self.rule((.boardLead, .board))
        #expect(refusal { try leads.admit(.nobody) }?.code == .unauthenticated)
        #expect(refusal { try leads.admit(.operator) }?.code == .permissionDenied)
        #expect(refusal { try leads.admit(staff) }?.code == .permissionDenied)
        #expect(refusal { try leads.admit(lead) } == nil)
    }

    @Test("lets anyone in where it says so, and the operator only where it says so")
    func operators() {
        #expect(refusal { try Self.rule((.anyone, .daemon)).admit(.nobody) } == nil)
        #expect(refusal { try Self.rule((.operator, .daemon)).admit(.operator) } == nil)
        #expect(refusal { try Self.rule((.operator, .daemon)).admit(lead) }?.code == .permissionDenied)
        #expect(refusal { try Self.rule((.staff, .board)).admit(.operator) }?.code == .permissionDenied)
        #expect(refusal { try Self.rule().admit(lead) }?.code == .permissionDenied)
    }

    @Test("does not tell a foreign board from one that does not exist")
    func foreignBoards() throws {
        let rule = Self.rule((.staff, .board))
        for board in ["b", "none"] {
            let status = refusal { _ = try rule.standing(of: staff, over: "boards/\(board)/workshops/w") }
            #expect(status == .notFound("boards/\(board)/workshops/w"))
        }
        #expect(refusal { _ = try rule.standing(of: staff, over: "boards/a/workshops/w") } == nil)
    }

    @Test("refuses, in one's own board, what one's roles there do not allow")
    func ownBoard() {
        let visitor = Self.person([.init(.staff, board: "a"), .init(.staff, board: "b"), .init(.boardLead, board: "b")])
        let rule = Self.rule((.boardLead, .board))
        #expect(refusal { _ = try rule.standing(of: visitor, over: "boards/a") }?.code == .permissionDenied)
        #expect(refusal { _ = try rule.standing(of: visitor, over: "boards/b") } == nil)
    }

    @Test(
        "spans each board of the caller where the request names none",
        arguments: ["", "boards/-", "boards/-/workshops/-"])
    func allBoards(resource: String) throws {
        let visitor = Self.person([
            .init(.staff, board: "b"), .init(.staff, board: "a"), .init(.facilitator, board: "c"),
        ])
        #expect(try Self.rule((.staff, .board)).standing(of: visitor, over: resource).boards == ["a", "b"])
    }

    @Test("is narrowed to the one board that the request names")
    func oneBoard() throws {
        let visitor = Self.person([.init(.staff, board: "b"), .init(.staff, board: "a")])
        let standing = try Self.rule((.staff, .board)).standing(of: visitor, over: "boards/a/people/x")
        #expect(standing.boards == ["a"])
        #expect(standing.covers(board: "a"))
        #expect(!standing.covers(board: "b"))
    }

    @Test("covers one's own things over SELF, and those that one leads over OWN")
    func selfAndOwn() throws {
        let own = try Self.rule((.staff, .self_)).standing(of: staff, over: "")
        #expect(own.covers(board: "a", person: "p"))
        #expect(!own.covers(board: "a", person: "q"))
        #expect(!own.covers(board: "a"))
        #expect(!own.covers(board: "b", person: "p"))
        let led = try Self.rule((.staff, .own)).standing(of: staff, over: "")
        #expect(led.covers(board: "a", leaders: ["x", "p"]))
        #expect(!led.covers(board: "a", person: "p", leaders: ["x"]))
        let nobodys = try Self.rule((.operator, .own)).standing(of: .operator, over: "")
        #expect(!nobodys.covers(board: "a", leaders: ["p"]))
    }

    @Test("takes a role over one school for what is about that school alone")
    func schools() throws {
        let principal = Self.person([.init(.staff, board: "a"), .init(.principal, board: "a", org: "s1")])
        let standing = try Self.rule((.principal, .school)).standing(of: principal, over: "")
        #expect(standing.covers(board: "a", orgs: ["s2", "s1"]))
        #expect(!standing.covers(board: "a", orgs: ["s2"]))
        #expect(!standing.covers(board: "a"))
        let overBoard = try Self.rule((.principal, .board)).standing(of: principal, over: "")
        #expect(!overBoard.covers(board: "a", orgs: ["s1"]))
        #expect(overBoard.boards.isEmpty)
    }

    private func refusal(_ body: () throws -> Void) -> Status? {
        do { try body() } catch { return error as? Status }
        return nil
    }
}
