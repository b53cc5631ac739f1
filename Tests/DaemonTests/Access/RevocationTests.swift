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
        let person = try await scenario.person("p-0013")
        let token = try #require(person.client.token)
        _ = try await inParallel(Array(0..<20)) { _ in
            // Connections go round the loops: of two that are opened one after the other, each has another.
            let (here, there) = (try await scenario.daemon.client(), try await scenario.daemon.client())
            let owner = here.with(token: token)
            for _ in 0..<250 {
                let made = try await owner.call(IdentityMethods.createToken, .init())
                let other = there.with(token: made.token)
                _ = try await other.call(SystemMethods.whoAmI, .init())
                _ = try await owner.call(IdentityMethods.revokeToken, .with { $0.name = made.name })
                let end = try await other.refusal(of: SystemMethods.whoAmI, .init())
                #expect((end.code, end.reason) == (.unauthenticated, "TOKEN_INVALID"))
            }
        }
    }

    @Test("a role that is given and taken on one connection is there and gone on another loop's, 5 000 times")
    func grants() async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": "2"])
        let leadToken = try #require(scenario.lead.token)
        let people = ["p-0013", "p-0014", "p-0015", "p-0016", "p-0017"]
        _ = try await inParallel(people) { id in
            let person = try await scenario.person(id)
            let lead = try await scenario.daemon.client(token: leadToken)
            for _ in 0..<1_000 {
                let grant = try await lead.call(
                    DirectoryMethods.grantRole,
                    .with { ($0.scope, $0.person, $0.role) = (scenario.board, person.name, .privacyOfficer) })
                _ = try await person.client.call(DirectoryMethods.listGrants, .with { $0.parent = scenario.board })
                _ = try await lead.call(DirectoryMethods.revokeRole, .with { $0.name = grant.name })
                let end = try await person.client.refusal(
                    of: DirectoryMethods.listGrants, .with { $0.parent = scenario.board })
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
