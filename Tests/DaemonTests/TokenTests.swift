import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("Tokens")
struct TokenTests {
    @Test(
        "that are not the daemon's are refused alike, and the connection lives on",
        arguments: ["cordee_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", "x", String(repeating: "é", count: 500)])
    func wrong(token: String) async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await daemon.client()
        let status = try await client.with(token: token).refusal(of: SystemMethods.whoAmI, .init())
        #expect((status.code, status.reason) == (.unauthenticated, "TOKEN_INVALID"))
        _ = try await client.call(SystemMethods.getInfo, .init())
    }

    @Test("are asked for where a person is needed and nobody calls")
    func missing() async throws {
        let daemon = try await DaemonProcess.serving(
            settings: ["listen.tcp": "127.0.0.1:0", "listen.tcp_clear_on_loopback": "true"])
        let status = try await daemon.tcpClient().refusal(of: IdentityMethods.createToken, .init())
        #expect((status.code, status.reason) == (.unauthenticated, "TOKEN_REQUIRED"))
    }

    @Test("of bootstrap are good for one token and nothing else")
    func bootstrap() async throws {
        let daemon = try await DaemonProcess.serving()
        let founded = try await Scenario.bootstrap(try await daemon.client())
        #expect(founded.boards.count == 3)
        let client = try await daemon.client(token: founded.token)
        let other = try await client.refusal(of: SystemMethods.whoAmI, .init())
        #expect((other.code, other.reason) == (.permissionDenied, "BOOTSTRAP_TOKEN"))
        let made = try await client.call(IdentityMethods.createToken, .init())
        #expect(made.person == founded.person)
        let second = try await client.refusal(of: IdentityMethods.createToken, .init())
        #expect((second.code, second.reason) == (.unauthenticated, "TOKEN_INVALID"))
        let caller = try await client.with(token: made.token).call(SystemMethods.whoAmI, .init())
        #expect(caller.person == founded.person)
    }

    @Test("of bootstrap, used by many at once, make one token")
    func bootstrapRace() async throws {
        let daemon = try await DaemonProcess.serving()
        let founded = try await Scenario.bootstrap(try await daemon.client())
        let outcomes = try await inParallel(Array(0..<8)) { _ -> StatusCode in
            let client = try await daemon.client(token: founded.token)
            return try await client.code(of: "cordee.system.v1.Identity/CreateToken", "{}")
        }
        #expect(outcomes.filter { $0 == .ok }.count == 1)
        #expect(outcomes.filter { $0 == .unauthenticated }.count == 7)
    }

    @Test("of a board that has a lead are not given by bootstrap again, not even beside a new board")
    func secondBootstrap() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await daemon.client()
        _ = try await Scenario.bootstrap(client)
        let status = try await client.refusal(
            of: IdentityMethods.bootstrap,
            .with {
                $0.boards = ["b-new", "b-csbc"]
                $0.email = "somebody@csbc.example"
            })
        #expect((status.code, status.reason) == (.failedPrecondition, "BOARD_HAS_LEAD"))
        #expect(status.text.en.contains("b-csbc"))
        _ = try await Scenario.bootstrap(client, boards: ["b-new"], email: "somebody@csbc.example")
    }

    @Test("of many people on one connection, all at once, are never taken for each other", arguments: ["1", "2"])
    func mixed(loops: String) async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": loops])
        let ids = ["p-0013", "p-0014", "p-0053", "p-0093"]
        let people = try await inParallel(ids) { try await scenario.person($0) }
        let shared = try await scenario.daemon.client()
        let callers =
            people.map { (person: $0.name, token: $0.client.token) } + [(person: "", token: String?.none)]
        let seen = try await inParallel(Array(0..<400)) { index in
            var client = shared
            client.token = callers[index % callers.count].token
            return try await client.call(SystemMethods.whoAmI, .init()).person
        }
        #expect(seen == (0..<400).map { callers[$0 % callers.count].person })
    }

    @Test("do not lie in the log or the database")
    func secrecy() async throws {
        let daemon = try await DaemonProcess.serving(settings: ["log.level": "trace"])
        let founded = try await Scenario.bootstrap(try await daemon.client())
        let real = try await Scenario.exchange(founded.token, on: daemon)
        let secrets = [founded.token, try #require(real.token)]
        try await daemon.terminate()
        for line in daemon.process.lines { #expect(!secrets.contains { line.contains($0) }) }
        let database = try Fixture.file("\(daemon.dataFolder)/cordee.db")
        for secret in secrets { #expect(!database.contains(Array(secret.utf8))) }
        #expect(database.contains(Array("BOOTSTRAP".utf8)))
    }
}
