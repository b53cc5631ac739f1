import CordeeAPI
import Daemon
import EventLoop
import Logging
import ModuleKit
import TestKit
import Testing
import Threading

/// A module that fares as the test says.
private struct FrailModule: DomainModule {
    let personalData = PersonalData.none
    let boardData = BoardData([])
    let name = "frail"
    let version = "1.0.0"
    let migrations: [Migration] = []
    let descriptors: any DescriptorSource.Type = CordeeAPIDescriptors.self
    let state: Lock<ModuleHealth>

    var health: ModuleHealth { state.withLock { $0 } }
    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { [] }
}

@Suite("Watching the health", .timeLimit(.minutes(10)))
struct HealthWatchTests {
    @Test("each change of a module's health is told once, and the daemon fares as its worst part")
    func changes() async throws {
        let folder = try TemporaryFolder()
        let state = Lock(ModuleHealth.serving)
        var configuration = Configuration()
        (configuration.dataFolder, configuration.socketPath) = ("\(folder.path)/data", "\(folder.path)/socket")
        configuration.healthInterval = .milliseconds(1)
        let daemon = try await Daemon.start(
            configuration, modules: [FrailModule(state: state)], environment: [:],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { Timestamp(seconds: 1_795_528_800) })
        let client = try await Client.connect(to: .unix(path: configuration.socketPath), on: Patience.loop)
        var reports = try await client.serverStream(HealthMethods.watch, .init()).makeAsyncIterator()
        let changes: [(ModuleHealth, CordeeSystem_HealthState, String)] = [
            (.serving, .serving, ""), (.degraded("the mail server is away"), .degraded, "the mail server is away"),
            (.notServing("out of keys"), .notServing, "out of keys"), (.serving, .serving, ""),
        ]
        for (health, expected, reason) in changes {
            state.withLock { $0 = health }
            let report = try #require(try await reports.next())
            #expect(report.state == expected)
            let part = report.parts.first { $0.part == "frail" }
            #expect(part?.state == expected && part?.reason == reason)
            #expect(report.parts.first { $0.part == "store" }?.state == .serving)
        }
        await client.close()
        await daemon.stop()
    }
}
