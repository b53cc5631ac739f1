import EventLoop
import GoogleRPC
import TestSupport
import Testing

@testable import RPC

@Suite("Client", .timeLimit(.minutes(10)))
struct ClientTests {
    @Test("nobody listens: the error names the address")
    func nobody() async throws {
        let folder = try TemporaryFolder()
        let loop = try EventLoop.start(.init(name: "client"))
        defer { loop.stop() }
        let address = SocketAddress.unix(path: "\(folder.path)/socket")
        let error = await #expect(throws: ClientError.self) { _ = try await Client.connect(to: address, on: loop) }
        guard case .connectFailed(let cause) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(cause.description.contains(folder.path))
    }

    @Test("a client of one connection fails as lost when it ends, in later calls too")
    func lost() async throws {
        try await TestServer.run(loops: 1) { test in
            let client = try await test.connect { $0.reconnects = false }
            async let open = Self.outcome {
                try await client.call(Echo.later, Note("a"), CallOptions(isRepeatable: false))
            }
            await test.gate.facts.wait(for: "entered")
            await test.server.shutdown(grace: .zero)
            // The last word of the server comes before the end.
            #expect((await open as? Status)?.code == .unavailable)
            await #expect(throws: ClientError.connectionLost) { try await client.call(Echo.say, Note("b")) }
        }
    }

    @Test("close ends open calls and refuses later ones")
    func close() async throws {
        try await TestServer.run(loops: 1) { test in
            let client = try await test.connect()
            async let open = Self.outcome { try await client.call(Echo.later, Note("a")) }
            await test.gate.facts.wait(for: "entered")
            await client.close()
            #expect(await open as? ClientError == .closed)
            await #expect(throws: ClientError.closed) { try await client.call(Echo.say, Note("b")) }
            await client.close()
        }
    }

    /// What a call throws; nil if it is answered.
    private static func outcome(_ call: () async throws -> Note) async -> (any Error)? {
        do { _ = try await call() } catch { return error }
        return nil
    }

    @Test("the stream ids end below 2³¹, less one for the Cancel of each open call")
    func lastStreamID() async throws {
        try await TestServer.run(loops: 1) { test in
            let client = try await test.connect {
                $0.reconnects = false
                $0.firstStreamID = (1 << 31) - 3
            }
            #expect(try await client.call(Echo.say, Note("last")).reason == "last")
            await #expect(throws: ClientError.streamIDsExhausted) { try await client.call(Echo.say, Note("more")) }
        }
    }

    @Test("a request too large to carry is not sent, and the connection lives on")
    func tooLarge() async throws {
        try await TestServer.run(loops: 1) { test in
            let client = try await test.connect()
            let large = Note(String(repeating: "x", count: 5 << 20))
            await #expect(throws: ClientError.self) { try await client.call(Echo.say, large) }
            #expect(try await client.call(Echo.say, Note("small")).reason == "small")
        }
    }
}
