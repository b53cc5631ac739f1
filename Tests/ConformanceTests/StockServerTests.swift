import CordeeClient
import RPC
import SwiftProtobuf
import TestKit
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Our client with containerd's own server for Go, in the version that Debian ships, 1.1: it has no streams.
@Suite("Our client speaks ttrpc")
struct StockServerTests {
    @Test("with the stock Go server: answers, statuses, metadata, time-outs, cancellation, long messages, a restart")
    func stock() async throws {
        let folder = try TemporaryFolder()
        let program = try await GoProgram.build("server/main.go", in: folder)
        let socket = folder.file("socket")
        let server = try await Self.serve(program, socket)
        var options = CordeeClient.Options()
        options.backoff = Backoff(initial: .milliseconds(1), cap: .milliseconds(20))
        let client = try await CordeeClient.connect(
            to: .unix(path: socket), defaults: CallOptions(timeout: Patience.limit), options: options)
        try await Self.answers(client)
        try await Self.refusals(client)
        try await Self.metadata(client)
        try await Self.timeouts(client, server)
        try await Self.concurrent(client)
        try await Self.long(client)
        try await Self.restart(client, server) { try await Self.serve(program, socket) }
        await client.close()
    }

    private static func serve(_ program: String, _ socket: String) async throws -> ChildProcess {
        let server = try ChildProcess(program, [socket])
        _ = try await server.line(with: "serving")
        return server
    }

    /// Calls a method of the program with a text, for a text.
    private static func call(
        _ client: CordeeClient, _ method: String, _ text: String = "", _ options: CallOptions? = nil,
        service: String = "cordee.conformance.v1.Stock"
    ) async throws -> String {
        let payload: [UInt8] = try Google_Protobuf_StringValue(text).serializedBytes()
        let answer = try await client.call(service: service, method: method, payload: payload, options)
        return try Google_Protobuf_StringValue(serializedBytes: answer).value
    }

    private static func status(_ call: () async throws -> String) async -> Status? {
        await #expect(throws: Status.self) { _ = try await call() }
    }

    private static func answers(_ client: CordeeClient) async throws {
        for text in ["", "a", "éàœ", String(repeating: "x", count: 1 << 20)] {
            let answer = try await call(client, "Echo", text)
            #expect(answer == text)
        }
    }

    private static func refusals(_ client: CordeeClient) async throws {
        for code in 1...16 {
            let refusal = await status { try await call(client, "Refuse", "\(code)") }
            #expect(refusal?.code.rawValue == Int32(code))
            #expect(refusal?.reason == "REFUSED" && refusal?.text.en == "no" && refusal?.metadata == ["why": "told to"])
        }
        let missing = await status { try await call(client, "Fail", "missing") }
        #expect(missing?.code == .notFound)
        let unknown = await status { try await call(client, "Fail", "some error") }
        #expect(unknown?.code == .unknown && unknown?.text.en == "some error")
        let method = await status { try await call(client, "NoSuchMethod") }
        #expect(method?.code == .unimplemented)
        let service = await status { try await call(client, "Echo", service: "no.such.v1.Service") }
        #expect(service?.code == .unimplemented)
    }

    private static func metadata(_ client: CordeeClient) async throws {
        let options = CallOptions(
            timeout: Patience.limit, token: "secret", acceptLanguage: "fr-CA, en", metadata: [("x", "1"), ("x", "2")])
        for (key, value) in [("authorization", "Bearer secret"), ("accept-language", "fr-CA, en"), ("x", "1,2")] {
            let answer = try await call(client, "Metadata", key, options)
            #expect(answer == value)
        }
    }

    private static func timeouts(_ client: CordeeClient, _ server: ChildProcess) async throws {
        let left = try await call(client, "TimeLeft", "", CallOptions(timeout: .seconds(1_000)))
        #expect(Int(left).map { $0 > 0 && $0 <= 1_000_000 } == true)
        let endless = try await call(client, "TimeLeft", "", CallOptions())
        #expect(endless == "")
        let late = await status { try await call(client, "Wait", "", CallOptions(timeout: .milliseconds(5))) }
        #expect(late?.code == .deadlineExceeded)
        // The stock server knows no Cancel and refuses it; nobody minds.
        let waiting = Task { try await call(client, "Wait", "cancelled") }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        let answer = try await call(client, "Echo", "after")
        #expect(answer == "after")
    }

    private static func concurrent(_ client: CordeeClient) async throws {
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<100 { group.addTask { try await call(client, "Echo", "\(number)") } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<100).map { "\($0)" }))
    }

    /// ttrpc carries 4 MiB, both ways; what is longer ends its call alone.
    private static func long(_ client: CordeeClient) async throws {
        let most = (4 << 20) - 100
        let answer = try await call(client, "Long", "\(most)")
        #expect(answer.utf8.count == most)
        let tooLong = await status { try await call(client, "Long", "\(5 << 20)") }
        #expect(tooLong?.code == .resourceExhausted)
        await #expect(throws: ClientError.self) {
            _ = try await call(client, "Echo", String(repeating: "x", count: 4 << 20))
        }
        let after = try await call(client, "Echo", "after")
        #expect(after == "after")
    }

    /// A call that may be made again survives its server.
    private static func restart(
        _ client: CordeeClient, _ server: ChildProcess, _ again: () async throws -> ChildProcess
    ) async throws {
        server.signal(SIGKILL)
        _ = try await server.exitCode()
        async let answer = call(client, "Echo", "again", CallOptions(timeout: Patience.limit, isRepeatable: true))
        let restarted = try await again()
        let text = try await answer
        #expect(text == "again")
        restarted.signal(SIGKILL)
        _ = try await restarted.exitCode()
    }
}
