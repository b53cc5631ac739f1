import CordeeAPI
import EventLoop
import ModuleKit
import RPC
import TestKit
import Testing

@Suite("Guessing of tokens")
struct GuessingTests {
    private static let settings = [
        "auth.failures_burst": "5", "auth.failures_refill": "10s", "listen.tcp": "127.0.0.1:0",
        "listen.tcp_clear_on_loopback": "true",
    ]

    @Test("is slowed down for its source alone; who is known on their connection goes on; the operator learns of it")
    func slowed() async throws {
        let scenario = try await Scenario.start(
            settings: Self.settings, clockStart: Timestamp(seconds: 1_795_528_800))
        let guesser = try await scenario.daemon.tcpClient().with(token: "cordee_guess")
        _ = try await scenario.lead.call(SystemMethods.whoAmI, .init())
        for _ in 0..<5 {
            #expect(try await guesser.refusal(of: SystemMethods.whoAmI, .init()).reason == "TOKEN_INVALID")
        }
        let slowed = try await guesser.refusal(of: SystemMethods.whoAmI, .init())
        #expect((slowed.code, slowed.reason) == (.resourceExhausted, "TOO_MANY_BAD_TOKENS"))
        #expect(slowed.retryDelay.map { $0 > .zero && $0 <= .seconds(10) } == true)
        // A good token is not looked at either, when it comes from there for the first time.
        let good = try #require(scenario.lead.token)
        let fresh = try await scenario.daemon.tcpClient().with(token: good)
        #expect(try await fresh.refusal(of: SystemMethods.whoAmI, .init()).reason == "TOO_MANY_BAD_TOKENS")
        _ = try await scenario.lead.call(SystemMethods.whoAmI, .init())
        _ = try await scenario.daemon.client(token: good).call(SystemMethods.whoAmI, .init())
        _ = try scenario.daemon.clock().advance(by: .seconds(10))
        _ = try await fresh.call(SystemMethods.whoAmI, .init())
        #expect(try await guesser.refusal(of: SystemMethods.whoAmI, .init()).reason == "TOKEN_INVALID")
        #expect(try await guesser.refusal(of: SystemMethods.whoAmI, .init()).reason == "TOO_MANY_BAD_TOKENS")
        _ = try await fresh.call(SystemMethods.whoAmI, .init())
        let events = try await scenario.operator.call(EventsMethods.listEvents, .with { $0.pageSize = 1_000 }).events
        #expect(events.filter { $0.type == "system.auth.slowed.v1" }.map(\.subject) == ["sources/tcp"])
    }
}
