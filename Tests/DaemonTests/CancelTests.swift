import CordeeAPI
import DirectoryAPI
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing

/// Another process's hold on the database: no write of the daemon can begin until it is let go.
private struct WriteLock {
    private let holder: ChildProcess

    init(on daemon: DaemonProcess) async throws {
        let hold = """
            import signal, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("BEGIN IMMEDIATE")
            print("held", file=sys.stderr, flush=True)
            signal.pause()
            """
        holder = try ChildProcess("/usr/bin/python3", ["-c", hold, "\(daemon.dataFolder)/cordee.db"])
        _ = try await holder.line(with: "held")
    }

    func release() async throws {
        holder.signal(SIGTERM)
        _ = try await holder.exitCode()
    }
}

@Suite("Calls that nobody waits for any more")
struct CancelTests {
    enum End: CaseIterable { case cancel, deadline, disconnect }

    @Test("a write that is still queued is dropped, and those beside it are kept", arguments: End.allCases)
    func queuedWrite(end: End) async throws {
        let scenario = try await Scenario.start(settings: ["store.busy_timeout": "10m"])
        let (dropped, kept) = (try await scenario.person("p-0003"), try await scenario.person("p-0004"))
        let grants = try await Self.grants(scenario)
        let lock = try await WriteLock(on: scenario.daemon)
        let own = try await scenario.daemon.client(token: scenario.lead.token)
        let first = Task { try await Self.grant(kept, scenario, scenario.lead, Patience.limit) }
        try await Self.wait(for: "cordee_rpc_calls_open", 1, scenario)
        let second = Task {
            try await Self.grant(dropped, scenario, own, end == .deadline ? .milliseconds(200) : Patience.limit)
        }
        switch end {
        case .cancel:
            try await Self.wait(for: "cordee_rpc_calls_open", 2, scenario)
            second.cancel()
            await #expect(throws: CancellationError.self) { try await second.value }
            try await Self.wait(for: "cordee_rpc_calls_cancelled_total", 1, scenario)
        case .deadline:
            let status = await #expect(throws: Status.self) { try await second.value }
            #expect(status?.code == .deadlineExceeded)
        case .disconnect:
            try await Self.wait(for: "cordee_rpc_calls_open", 2, scenario)
            await own.client.close()
            await #expect(throws: ClientError.closed) { try await second.value }
        }
        try await Self.wait(for: "cordee_rpc_calls_open", 1, scenario)
        try await lock.release()
        let made = try await first.value
        #expect(Set(try await Self.grants(scenario)) == Set(grants + [made]))
    }

    private static func grant(
        _ person: Scenario.Person, _ scenario: Scenario, _ client: TestClient, _ timeout: Duration
    ) async throws -> String {
        var options = client.options()
        options.timeout = timeout
        return try await client.client.call(
            DirectoryMethods.grantRole,
            .with { ($0.scope, $0.person, $0.role) = (scenario.board, person.name, .facilitator) }, options
        ).name
    }

    private static func grants(_ scenario: Scenario) async throws -> [String] {
        try await scenario.lead.call(DirectoryMethods.listGrants, .with { $0.parent = scenario.board }).grants.map(
            \.name)
    }

    /// Waits until a number of the daemon's own is what it should be.
    private static func wait(for name: String, _ value: Int64, _ scenario: Scenario) async throws {
        try await Patience.until("\(name) is \(value)") {
            let metrics = try await scenario.operator.call(MetricsMethods.listMetrics, .init()).metrics
            return metrics.contains { $0.name == name && $0.value == value } ? () : nil
        }
    }
}
