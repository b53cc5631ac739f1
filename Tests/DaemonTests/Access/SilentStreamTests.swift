import CordeeAPI
import DirectoryAPI
import EventLoop
import FoundationEssentials
import ModuleKit
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("Streams that say nothing end with the right of their caller", .timeLimit(.minutes(5)))
struct SilentStreamTests {
    private static let start = Timestamp(seconds: 1_795_528_800)

    /// A watcher of the health, which has told all that it will tell.
    private func watcher(_ client: TestClient) async throws -> ResponseStream<CordeeSystem_HealthReport>.Iterator {
        var reports = try await client.client.serverStream(HealthMethods.watch, .init(), client.options())
            .makeAsyncIterator()
        _ = try #require(try await reports.next())
        return reports
    }

    @Test("a server's stream that is silent, when the token is revoked", arguments: ["1", "2"])
    func revokedToken(loops: String) async throws {
        // The handler itself would look after an hour.
        let scenario = try await Scenario.start(settings: ["daemon.health_interval": "1h", "daemon.loops": loops])
        let made = try await scenario.lead.call(IdentityMethods.createToken, .init())
        var ending = try await watcher(try await scenario.daemon.client(token: made.token))
        var staying = try await watcher(try await scenario.daemon.client(token: scenario.lead.token))
        _ = try await scenario.lead.call(IdentityMethods.revokeToken, .with { $0.name = made.name })
        let end = await #expect(throws: Status.self) { try await ending.next() }
        #expect((end?.code, end?.reason) == (.unauthenticated, "TOKEN_INVALID"))
        _ = try await scenario.daemon.terminate()
        let last = await #expect(throws: Status.self) { try await staying.next() }
        #expect(last?.reason == "SHUTTING_DOWN")
    }

    @Test("a server's stream that is silent, when the token ends by the clock")
    func endedToken() async throws {
        let scenario = try await Scenario.start(
            settings: ["daemon.health_interval": "1h"], clockStart: Self.start)
        let made = try await scenario.lead.call(
            IdentityMethods.createToken, .with { $0.expireTime = Google_Protobuf_Timestamp(Self.start + .seconds(600)) }
        )
        var reports = try await watcher(try await scenario.daemon.client(token: made.token))
        _ = try scenario.daemon.clock().advance(by: .seconds(600))
        let end = await #expect(throws: Status.self) { try await reports.next() }
        #expect((end?.code, end?.reason) == (.unauthenticated, "TOKEN_INVALID"))
    }

    @Test(
        "a client's stream for whose next message the daemon waits, when the grant is revoked or ends",
        arguments: [true, false])
    func grant(isRevoked: Bool) async throws {
        let scenario = try await Scenario.start(clockStart: Self.start)
        let person = try await scenario.person("p-0013")
        let grant = try await scenario.lead.call(
            DirectoryMethods.grantRole,
            .with {
                ($0.scope, $0.person, $0.role) = (scenario.board, person.name, .boardLead)
                if !isRevoked { $0.endTime = Google_Protobuf_Timestamp(Self.start + .seconds(600)) }
            })
        let (requests, responses) = try await person.client.client.bothStreams(
            DirectoryMethods.uploadRoster, person.client.options())
        try await requests.send(.with { ($0.boards, $0.chunk) = ([scenario.board], Data("PK".utf8)) })
        // Answered on the same connection after the first message was taken.
        _ = try await person.client.call(SystemMethods.whoAmI, .init())
        if isRevoked {
            _ = try await scenario.lead.call(DirectoryMethods.revokeRole, .with { $0.name = grant.name })
        } else {
            _ = try scenario.daemon.clock().advance(by: .seconds(600))
        }
        let end = await #expect(throws: Status.self) { for try await _ in responses {} }
        #expect(end?.code == .permissionDenied)
    }
}
