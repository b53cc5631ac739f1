import EventLoop
import Metrics
import TestSupport

@testable import RPC

/// A server with the test methods on its own loops and socket, and a loop for clients.
final class TestServer: Sendable {
    let loops: [EventLoop]
    let clientLoop: EventLoop
    let gate = Gate()
    let metrics = MetricsRegistry()
    let facts = Recorder<String>()
    let server: Server
    let address: SocketAddress
    private let folder: TemporaryFolder

    private init(_ loopCount: Int, _ limits: ServerLimits, _ more: [ServerMethod]) throws {
        folder = try TemporaryFolder()
        loops = try (0..<loopCount).map { try EventLoop.start(.init(name: "server-\($0)")) }
        clientLoop = try EventLoop.start(.init(name: "client"))
        address = .unix(path: "\(folder.path)/socket")
        server = Server(
            methods: try MethodTable(Echo.methods(gate) + Streams.methods(gate) + more), limits: limits, loops: loops,
            metrics: metrics,
            observer: { [facts] _ in FactObserver(facts) })
    }

    /// Runs `body` with a server, and ends the server whatever `body` does.
    static func run(
        loops loopCount: Int, _ limits: ServerLimits = .patient, _ more: [ServerMethod] = [],
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let test = try TestServer(loopCount, limits, more)
        try await test.server.listen(on: try Listener.bind(test.address))
        do {
            try await body(test)
        } catch {
            await test.stop()
            throw error
        }
        await test.stop()
    }

    private func stop() async {
        await server.shutdown(grace: .zero)
        for loop in loops + [clientLoop] { loop.stop() }
    }

    func connect(_ change: (inout ClientOptions) -> Void = { _ in }) async throws -> Client {
        var options = ClientOptions()
        // Under a sanitizer on a busy machine a reader may need longer than the usual five seconds.
        options.streamStallTimeout = .seconds(3_600)
        change(&options)
        return try await Client.connect(to: address, on: clientLoop, options: options)
    }

    func counter(_ name: String) -> Int64 {
        switch metrics.snapshot().first(where: { $0.name == name })?.samples.first?.value {
        case .counter(let value), .gauge(let value): value
        default: -1
        }
    }
}

/// Writes down what a loop tells its observer.
private final class FactObserver: LoopObserver {
    private let facts: Recorder<String>

    init(_ facts: Recorder<String>) { self.facts = facts }

    func batchBegan() { facts.record("batch began") }
    func batchEnded() { facts.record("batch ended") }
    func callEnded(_ call: ServerCall, code: StatusCode) { facts.record("\(call.method.name) \(code.name)") }
    func callRefused(_ connection: ServerConnection, _ status: Status) { facts.record("refused \(status.reason)") }
    func connectionOpened(_ connection: ServerConnection) { facts.record("opened") }
    func connectionClosed(_ connection: ServerConnection) { facts.record("closed") }
}

extension ServerLimits {
    /// For tests that are not about time: a test's own reader may be behind for longer than a peer may be, on a machine
    /// with more threads than cores or under a sanitizer.
    static var patient: ServerLimits {
        var limits = ServerLimits()
        (limits.unsentTimeout, limits.streamStallTimeout) = (.seconds(3_600), .seconds(3_600))
        return limits
    }
}
