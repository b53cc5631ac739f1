import CordeeAPI
import CordeeClient
import EventLoop
import Metrics
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("Streams through the client library")
struct StreamTests {
    /// Any message of one text.
    private typealias Word = CordeeSystem_GetDescriptorsRequest

    private static func method(_ name: String) -> Method<Word, Word> {
        Method(service: "cordee.test.v1.Words", name: name, isReadOnly: true, resourceName: { _ in "" })
    }

    private static let methods = [
        ServerMethod(service: "cordee.test.v1.Words", name: "Spell", kind: .server) { call, payload in
            let answers = call.responses(Word.self)
            do {
                let word = try call.decode(Word.self, payload).symbol
                call.runStream { for letter in word { try await answers.send(.with { $0.symbol = "\(letter)" }) } }
            } catch {
                call.fail(error)
            }
        },
        ServerMethod(service: "cordee.test.v1.Words", name: "Join", kind: .client) { call, _ in
            let letters = call.requests(Word.self)
            call.run {
                var word = ""
                for try await letter in letters { word += letter.symbol }
                return Word.with { $0.symbol = word }
            }
        },
        ServerMethod(service: "cordee.test.v1.Words", name: "Shout", kind: .both) { call, _ in
            let words = call.requests(Word.self)
            let answers = call.responses(Word.self)
            call.runStream {
                for try await word in words { try await answers.send(.with { $0.symbol = word.symbol + "!" }) }
            }
        },
    ]

    private final class Silent: LoopObserver {
        func batchBegan() {}
        func batchEnded() {}
        func callEnded(_ call: ServerCall, code: StatusCode) {}
        func connectionOpened(_ connection: ServerConnection) {}
        func connectionClosed(_ connection: ServerConnection) {}
    }

    @Test("a server's, a client's and both ways", arguments: [1, 2])
    func streams(loops count: Int) async throws {
        let folder = try TemporaryFolder()
        let socket = folder.file("socket")
        let loops = try (0..<count).map { try EventLoop.start(EventLoop.Options(name: "server-\($0)")) }
        let server = Server(
            methods: try MethodTable(Self.methods), limits: ServerLimits(), loops: loops, metrics: MetricsRegistry(),
            observer: { _ in Silent() })
        try await server.listen(on: try Listener.bind(.unix(path: socket)))
        let client = try await CordeeClient.connect(
            to: .unix(path: socket), defaults: CallOptions(timeout: Patience.limit))

        var letters: [String] = []
        for try await letter in try await client.serverStream(Self.method("Spell"), .with { $0.symbol = "école" }) {
            letters.append(letter.symbol)
        }
        #expect(letters == ["é", "c", "o", "l", "e"])

        let word = try await client.clientStream(Self.method("Join")) { sender in
            for letter in letters { try await sender.send(.with { $0.symbol = letter }) }
        }
        #expect(word.symbol == "école")

        let (requests, responses) = try await client.bothStreams(Self.method("Shout"))
        var answers = responses.makeAsyncIterator()
        for word in ["oui", "non"] {
            try await requests.send(.with { $0.symbol = word })
            #expect(try await answers.next()?.symbol == word + "!")
        }
        try await requests.finish()
        #expect(try await answers.next() == nil)

        var raw: [[UInt8]] = []
        let request: [UInt8] = try Word.with { $0.symbol = "oui" }.serializedBytes()
        let spelled = try await client.stream(
            service: "cordee.test.v1.Words", method: "Spell", .server, request: request)
        for try await letter in spelled { raw.append(letter) }
        #expect(try raw.map { try Word(serializedBytes: $0).symbol } == ["o", "u", "i"])

        await client.close()
        await server.shutdown(grace: .zero)
        for loop in loops { loop.stop() }
    }
}
