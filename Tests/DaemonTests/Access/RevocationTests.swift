import Calendar
import CordeeAPI
import DirectoryAPI
import ModuleKit
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("What is taken back is gone with the next call")
struct RevocationTests {
    @Test("a token that is revoked on one connection is refused on another loop's, 10 000 times")
    func tokens() async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": "2", "tokens.per_owner_max": "10000"])
        let owners = try await inParallel(Array(13..<33)) { number in
            try #require(try await scenario.person("p-00\(number)").client.token)
        }
        // Many at once share the commits, which is what takes the time.
        _ = try await inParallel(Array(0..<100)) { worker in
            // Connections go round the loops: of two that are opened one after the other, each has another.
            let (here, there) = (try await scenario.daemon.client(), try await scenario.daemon.client())
            let owner = here.with(token: owners[worker % owners.count])
            for _ in 0..<100 {
                let made = try await owner.call(IdentityMethods.createToken, .init())
                let other = there.with(token: made.token)
                _ = try await other.call(SystemMethods.whoAmI, .init())
                _ = try await owner.call(IdentityMethods.revokeToken, .with { $0.name = made.name })
                let end = try await other.refusal(of: SystemMethods.whoAmI, .init())
                #expect((end.code, end.reason) == (.unauthenticated, "TOKEN_INVALID"))
            }
        }
    }

    @Test("a role that is given and taken on one connection is there and gone on another loop's, 500 times")
    func grants() async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": "2"])
        let leadToken = try #require(scenario.lead.token)
        _ = try await inParallel(Array(13..<33)) { number in
            let person = try await scenario.person("p-00\(number)")
            let lead = try await scenario.daemon.client(token: leadToken)
            for _ in 0..<25 {
                let grant = try await lead.call(
                    DirectoryMethods.grantRole,
                    .with { ($0.scope, $0.person, $0.role) = (scenario.board, person.name, .privacyOfficer) })
                _ = try await person.client.call(AccessMethods.listAccessRules, .init())
                _ = try await lead.call(DirectoryMethods.revokeRole, .with { $0.name = grant.name })
                let end = try await person.client.refusal(of: AccessMethods.listAccessRules, .init())
                #expect(end.code == .permissionDenied)
            }
        }
    }

    @Test("a watcher to whom nothing is told is ended at once when their token is revoked")
    func silentStream() async throws {
        let scenario = try await Scenario.start(
            settings: ["access.stream_recheck_interval": "1h", "events.watch_interval": "1h"])
        let person = try await scenario.person("p-0013")
        let made = try await person.client.call(IdentityMethods.createToken, .init())
        let watcher = try await scenario.daemon.client(token: made.token)
        let stream = try await watcher.client.serverStream(EventsMethods.watch, .init(), watcher.options())
        var answers = stream.makeAsyncIterator()
        _ = try await answers.next()
        _ = try await scenario.lead.call(IdentityMethods.revokeToken, .with { $0.name = made.name })
        let end = await #expect(throws: Status.self) { while try await answers.next() != nil {} }
        #expect((end?.code, end?.reason) == (.unauthenticated, "TOKEN_INVALID"))
    }

    @Test("a client's stream that waits for its next message is ended when the role that let it in ends by the clock")
    func waitingUpload() async throws {
        let start = SessionClock().start
        let scenario = try await Scenario.start(
            settings: ["access.stream_recheck_interval": "10ms"], clockStart: start)
        let person = try await scenario.person("p-0013")
        _ = try await scenario.lead.call(
            DirectoryMethods.grantRole,
            .with {
                ($0.scope, $0.person, $0.role) = (scenario.board, person.name, .boardLead)
                $0.endTime = Google_Protobuf_Timestamp(start + .seconds(3_600))
            })
        let (requests, responses) = try await person.client.client.bothStreams(
            DirectoryMethods.uploadRoster, person.client.options())
        try await requests.send(.with { $0.boards = [scenario.board] })
        _ = try await person.client.call(DirectoryMethods.listGrants, .with { $0.parent = scenario.board })
        try scenario.daemon.clock().set(start + .seconds(3_600))
        let end = await #expect(throws: Status.self) { for try await _ in responses {} }
        #expect(end?.code == .permissionDenied)
    }
}
