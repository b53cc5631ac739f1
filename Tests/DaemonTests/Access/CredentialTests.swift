import Calendar
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import ModuleKit
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("Tokens and service keys")
struct CredentialTests {
    @Test(
        "a secret that is cut, altered, of another daemon or expired is refused in the same words as one that never was"
    )
    func badSecrets() async throws {
        let start = SessionClock().start
        let scenario = try await Scenario.start(clockStart: start)
        let other = try await Scenario.start()
        let person = try await scenario.person("p-0013")
        let brief = try await person.client.call(
            IdentityMethods.createToken, .with { $0.expireTime = Google_Protobuf_Timestamp(start + .seconds(60)) }
        ).token
        try scenario.daemon.clock().set(start + .seconds(60))
        let good = try #require(person.client.token)
        let middle = good.index(good.startIndex, offsetBy: 20)
        let altered = good.withAnotherSign(at: middle)
        let foreign = try #require(try await other.person("p-0013").client.token)
        let nobody = try await scenario.daemon.client()
        for secret in [String(good.dropLast()), altered, foreign, brief, good + "x", good.lowercased()] {
            let status = try await nobody.with(token: secret).refusal(of: SystemMethods.whoAmI, .init())
            #expect((status.code, status.reason) == (.unauthenticated, "TOKEN_INVALID"))
            #expect(!"\(status)".contains(secret))
        }
        #expect(try await nobody.with(token: good).call(SystemMethods.whoAmI, .init()).person == person.name)
    }

    @Test("a secret can be told by its form: prefix, 43 signs, six of checksum")
    func form() async throws {
        let scenario = try await Scenario.start()
        let token = try #require(scenario.lead.token)
        #expect(token.wholeMatch(of: /cordee_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}/) != nil)
    }

    @Test(
        "tokens are listed to their owner and the board's lead, without their secrets, and end when either revokes them"
    )
    func listed() async throws {
        let scenario = try await Scenario.start()
        let (person, other) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
        let made = try await person.client.call(IdentityMethods.createToken, .with { $0.label = "téléphone" })
        for reader in [person.client, scenario.lead] {
            let tokens = try await reader.call(IdentityMethods.listTokens, .with { $0.parent = person.name }).tokens
            #expect(tokens.map(\.label) == ["", "téléphone"])
            #expect(tokens.allSatisfy { $0.hasExpireTime && !"\($0)".contains("cordee_") })
        }
        let hidden = try await other.client.refusal(of: IdentityMethods.listTokens, .with { $0.parent = person.name })
        #expect(hidden.code == .notFound)
        let foreign = try await other.client.refusal(of: IdentityMethods.revokeToken, .with { $0.name = made.name })
        #expect(foreign.code == .notFound)
        let ended = try await person.client.call(IdentityMethods.revokeToken, .with { $0.name = made.name })
        #expect(ended.hasRevokeTime)
        let left = try await person.client.call(IdentityMethods.listTokens, .init()).tokens
        #expect(left.map(\.label) == [""])
    }

    @Test("a token's end may not be past, nor too far away, and a person has so many at most")
    func bounds() async throws {
        let scenario = try await Scenario.start(settings: ["tokens.per_owner_max": "3"])
        let person = try await scenario.person("p-0013")
        for (seconds, reason) in [(Int64(1), "NOT_IN_FUTURE"), (4_102_444_800 * 2, "TOO_FAR")] {
            let status = try await person.client.refusal(
                of: IdentityMethods.createToken, .with { $0.expireTime.seconds = seconds })
            #expect(status.violations.map(\.reason) == [reason])
        }
        for _ in 0..<2 { _ = try await person.client.call(IdentityMethods.createToken, .init()) }
        let full = try await person.client.refusal(of: IdentityMethods.createToken, .init())
        #expect((full.code, full.reason) == (.resourceExhausted, "TOO_MANY_TOKENS"))
    }

    @Test("a program may call what its key lists, in its board, and nothing else, until the key is revoked")
    func services() async throws {
        let scenario = try await Scenario.start()
        let list = "cordee.directory.v1.Directory/ListPeople"
        let closed = try await scenario.lead.refusal(
            of: IdentityMethods.createServiceKey,
            .with {
                ($0.parent, $0.label) = (scenario.board, "paie")
                $0.methods = [list, "cordee.directory.v1.Directory/GrantRole", "none"]
            })
        #expect(closed.violations.map(\.field) == ["methods[1]", "methods[2]"])
        #expect(closed.violations.map(\.reason) == ["NOT_FOR_SERVICES", "NOT_FOR_SERVICES"])
        let made = try await scenario.lead.call(
            IdentityMethods.createServiceKey,
            .with { ($0.parent, $0.label, $0.methods) = (scenario.board, "paie", [list]) })
        let program = try await scenario.daemon.client(token: made.token)
        let people = try await program.call(DirectoryMethods.listPeople, .with { $0.pageSize = 1_000 }).people
        #expect(!people.isEmpty && people.allSatisfy { $0.name.hasPrefix(scenario.board) })
        let other = try await program.refusal(of: DirectoryMethods.listOrgs, .init())
        #expect(other.code == .permissionDenied)
        let foreign = try await program.refusal(
            of: DirectoryMethods.listPeople, .with { $0.parent = scenario.boards[1] })
        #expect(foreign.code == .notFound)
        let seen = try await scenario.person("p-0013").client.call(PrivacyMethods.listAccesses, .init()).accesses
        #expect(seen.contains { $0.reader == made.serviceKey.name && $0.method == list })
        _ = try await scenario.lead.call(
            IdentityMethods.revokeServiceKey, .with { $0.name = made.serviceKey.name })
        let end = try await program.refusal(of: DirectoryMethods.listPeople, .init())
        #expect((end.code, end.reason) == (.unauthenticated, "TOKEN_INVALID"))
    }

    @Test("who was invited is active from the first sign-in on, and nobody else is told of it")
    func signIn() async throws {
        let scenario = try await Scenario.start()
        let person = try await scenario.person("p-0013")
        func state() async throws -> CordeeDirectory_Person.State {
            try await scenario.lead.call(DirectoryMethods.getPerson, .with { $0.name = person.name }).state
        }
        #expect(try await state() == .invited)
        let caller = try await person.client.call(IdentityMethods.signIn, .init())
        #expect(caller.person == person.name)
        #expect(try await state() == .active)
        _ = try await person.client.call(IdentityMethods.signIn, .init())
        let events = try await scenario.lead.call(
            EventsMethods.listEvents, .with { ($0.parent, $0.pageSize) = (scenario.board, 1_000) }
        ).events
        #expect(events.filter { $0.type == "directory.person.activated.v1" && $0.subject == person.name }.count == 1)
    }
}

extension String {
    /// Another letter at a place.
    fileprivate func withAnotherSign(at index: Index) -> String {
        var copy = self
        copy.replaceSubrange(index...index, with: self[index] == "a" ? "b" : "a")
        return copy
    }
}
