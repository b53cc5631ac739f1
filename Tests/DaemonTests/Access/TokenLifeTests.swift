import CordeeAPI
import DirectoryAPI
import EventLoop
import ModuleKit
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("The life of tokens")
struct TokenLifeTests {
    private static var form: Regex<Substring> { /cordee_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}/ }

    @Test("a token is findable by its form, and bad ones of every kind are refused alike")
    func badTokens() async throws {
        let start = Timestamp(seconds: 1_795_528_800)
        let scenario = try await Scenario.start(clockStart: start)
        let own = try #require(scenario.lead.token)
        #expect(own.wholeMatch(of: Self.form) != nil)
        let foreign = try await Scenario.start()
        let short = try await scenario.lead.call(
            IdentityMethods.createToken, .with { $0.expireTime = Google_Protobuf_Timestamp(start + .seconds(60)) })
        let revoked = try await scenario.lead.call(IdentityMethods.createToken, .init())
        _ = try await scenario.lead.call(IdentityMethods.revokeToken, .with { $0.name = revoked.name })
        _ = try scenario.daemon.clock().advance(by: .seconds(60))
        let altered = String(own.dropLast(8)) + (own.dropLast(7).last == "A" ? "B" : "A") + own.suffix(7)
        let bad = [short.token, revoked.token, String(own.dropLast()), altered, try #require(foreign.lead.token), "x"]
        for token in bad {
            let status = try await scenario.lead.with(token: token).refusal(of: SystemMethods.whoAmI, .init())
            #expect((status.code, status.reason) == (.unauthenticated, "TOKEN_INVALID"))
            #expect(status.violations.isEmpty && status.retryDelay == nil)
        }
        _ = try await scenario.lead.call(SystemMethods.whoAmI, .init())
    }

    @Test("tokens are listed page by page without their secrets, to their owner and the lead of the board alone")
    func list() async throws {
        let scenario = try await Scenario.start()
        let (one, other) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
        for label in ["a", "b"] {
            _ = try await one.client.call(IdentityMethods.createToken, .with { $0.label = label })
        }
        var labels: [String] = []
        var request = CordeeSystem_ListTokensRequest.with { ($0.parent, $0.pageSize) = (one.name, 1) }
        repeat {
            let page = try await scenario.lead.call(IdentityMethods.listTokens, request)
            #expect(page.tokens.count == 1)
            labels += page.tokens.map(\.label)
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(labels == ["", "a", "b"])
        let own = try await one.client.call(IdentityMethods.listTokens, .init())
        #expect(own.tokens.map(\.label) == labels && own.tokens.allSatisfy { $0.hasExpireTime && !$0.hasEndTime })
        let name = own.tokens[0].name
        let elsewhere = name.replacing(scenario.board, with: scenario.boards[1])
        for (client, parent, token) in [
            (other.client, one.name, name),
            (scenario.lead, one.name.replacing(scenario.board, with: scenario.boards[1]), elsewhere),
        ] {
            #expect(
                try await client.refusal(of: IdentityMethods.listTokens, .with { $0.parent = parent }).code == .notFound
            )
            #expect(
                try await client.refusal(of: IdentityMethods.revokeToken, .with { $0.name = token }).code == .notFound)
        }
    }

    @Test("a token ends within the longest life, and a person has so many at most")
    func bounds() async throws {
        let scenario = try await Scenario.start(
            settings: ["tokens.per_person_max": "2", "tokens.life_max": "1h"],
            clockStart: Timestamp(seconds: 1_795_528_800))
        for seconds in [1_795_528_800, 1_795_528_800 + 3_601] {
            let status = try await scenario.lead.refusal(
                of: IdentityMethods.createToken,
                .with { $0.expireTime = Google_Protobuf_Timestamp(Timestamp(seconds: Int64(seconds))) })
            #expect(status.code == .invalidArgument && status.violations.map(\.field) == ["expire_time"])
        }
        let made = try await scenario.lead.call(IdentityMethods.createToken, .init())
        #expect(made.expireTime.seconds == 1_795_528_800 + 3_600)
        let status = try await scenario.lead.refusal(of: IdentityMethods.createToken, .init())
        #expect((status.code, status.reason) == (.resourceExhausted, "TOO_MANY_TOKENS"))
        _ = try await scenario.lead.call(IdentityMethods.revokeToken, .with { $0.name = made.name })
        _ = try await scenario.lead.call(IdentityMethods.createToken, .init())
    }

    @Test("who was invited is active after the first sign-in, once")
    func signIn() async throws {
        let scenario = try await Scenario.start()
        let person = try await scenario.person("p-0013")
        func state() async throws -> CordeeDirectory_Person.State {
            try await scenario.lead.call(DirectoryMethods.getPerson, .with { $0.name = person.name }).state
        }
        #expect(try await state() == .invited)
        for _ in 0..<2 { #expect(try await person.client.call(IdentityMethods.signIn, .init()).person == person.name) }
        #expect(try await state() == .active)
        let events = try await scenario.lead.call(
            EventsMethods.listEvents, .with { ($0.parent, $0.pageSize) = (scenario.board, 1_000) })
        #expect(
            events.events.filter { $0.type == "directory.person.activated.v1" && $0.subject == person.name }.count == 1)
    }

    @Test("revoked on one connection, a token is refused on each other from the answer on", arguments: ["1", "2"])
    func revokedElsewhere(loops: String) async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": loops])
        let others = [try await scenario.daemon.client(), try await scenario.daemon.client()]
        for round in 0..<500 {
            let made = try await scenario.lead.call(IdentityMethods.createToken, .init())
            let client = others[round % 2].with(token: made.token)
            _ = try await client.call(SystemMethods.whoAmI, .init())
            _ = try await scenario.lead.call(IdentityMethods.revokeToken, .with { $0.name = made.name })
            try #require(try await client.refusal(of: SystemMethods.whoAmI, .init()).reason == "TOKEN_INVALID")
        }
    }
}
