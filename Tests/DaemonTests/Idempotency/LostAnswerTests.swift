import CordeeAPI
import DirectoryAPI
import EventLoop
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("A client whose connection is lost before the answer")
struct LostAnswerTests {
    /// A client that connects again, through a relay that loses the answers of a method.
    private static func client(
        of caller: TestClient, on daemon: DaemonProcess, losing method: String, times: Int
    ) async throws -> (client: TestClient, relay: LossyRelay) {
        let relay = try await LossyRelay(to: daemon.socketPath, in: daemon.folder, losing: method, times: times)
        var options = ClientOptions(connectTimeout: Patience.limit)
        options.backoff = Backoff(initial: .milliseconds(1), cap: .milliseconds(20))
        let client = Client(to: .unix(path: relay.socketPath), on: Patience.loop, options: options)
        return (TestClient(client, token: caller.token, language: nil), relay)
    }

    @Test("sends a write again, which is carried out once", arguments: [false, true])
    func write(json: Bool) async throws {
        let scenario = try await Scenario.start()
        let (client, relay) = try await Self.client(
            of: scenario.facilitator, on: scenario.daemon, losing: "CreateWorkshop", times: 3)
        let made = try await client.call(
            WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft() }, json: json)
        #expect(relay.lostCount == 3)
        let listed = try await scenario.facilitator.call(WorkshopsMethods.listWorkshops, .init()).workshops
        #expect(listed == [made])
    }

    @Test("is told that a token was made whose secret is lost; another key makes another")
    func secret() async throws {
        let scenario = try await Scenario.start()
        let (client, _) = try await Self.client(
            of: scenario.lead, on: scenario.daemon, losing: "CreateToken", times: 1)
        let refused = try await client.refusal(of: IdentityMethods.createToken, .init())
        #expect((refused.code, refused.reason) == (.failedPrecondition, "ANSWER_NOT_KEPT"))
        #expect(try await !client.call(IdentityMethods.createToken, .init()).token.isEmpty)
    }

    @Test("sends a write again to the daemon that was killed meanwhile and comes back, at a random moment, ten times")
    func killed() async throws {
        let scenario = try await Scenario.start()
        var options = ClientOptions(connectTimeout: Patience.limit)
        options.backoff = Backoff(initial: .milliseconds(1), cap: .milliseconds(20))
        options.triesMax = 100
        let client = TestClient(
            Client(to: .unix(path: scenario.daemon.socketPath), on: Patience.loop, options: options),
            token: scenario.facilitator.token, language: nil)
        var daemon = scenario.daemon
        var made: [String] = []
        for round in 0..<10 {
            async let names = inParallel(Array(0..<20)) { _ in
                try await client.call(
                    WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft() }
                ).name
            }
            // As many turns of the loop as the round says: some are committed then, some are not.
            for _ in 0..<round * 4 { _ = try? await client.call(SystemMethods.getInfo, .init()) }
            try await daemon.kill()
            daemon = try await DaemonProcess.serving(in: daemon.folder)
            made += try await names
        }
        let listed = try await client.call(WorkshopsMethods.listWorkshops, .with { $0.pageSize = 1_000 }).workshops
        #expect(listed.map(\.name).sorted() == made.sorted())
        #expect(made.count == 200)
        await client.client.close()
    }
}
