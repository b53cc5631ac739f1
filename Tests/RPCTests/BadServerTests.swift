import EventLoop
import GoogleRPC
import SwiftProtobuf
import Testing
import Wire

@testable import RPC

@Suite("The client against any server", .timeLimit(.minutes(10)))
struct BadServerTests {
    // MARK: What breaks the protocol

    @Test("answers of calls that nobody made, and frames of unknown kinds, are passed over", arguments: [1, 2])
    func unknownFrames(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            async let answer = client.call(Echo.say, Note("a"))
            let connection = await server.accept()
            let id = await connection.next()?.streamID ?? 0
            connection.send(Frames.response(id + 2, Note("of nobody")))
            connection.send(Frames.response(0, Note("of nobody")))
            connection.send(Frames.data(id + 40, "of nobody", .remoteClosed))
            connection.send(Frames.raw(id, type: 9, flags: 7, data: [1, 2, 3]))
            connection.send(Frames.request(id, "Say"))
            connection.send(Frames.response(id, Note("b")) + Frames.response(id, Note("twice")))
            let reason = try await answer.reason
            #expect(reason == "b")
            async let next = client.call(Echo.say, Note("c"))
            connection.answer(await connection.next(), "d")
            let other = try await next.reason
            #expect(other == "d")
        }
    }

    @Test("data on a unary call ends it, and the server is told", arguments: [1, 2])
    func dataOnUnary(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            async let failure = Self.failure { try await client.call(Echo.say, Note("a")) }
            let connection = await server.accept()
            let call = await connection.next()
            connection.send(Frames.data(call?.streamID ?? 0, "b"))
            #expect(await failure as? ClientError == .malformedAnswer("data on a unary call"))
            let cancel = await connection.next()
            #expect(cancel?.method == "Cancel" && cancel?.payload == CancelCall.payload(streamID: call?.streamID ?? 0))
        }
    }

    @Test("an answer that cannot be read, as envelope, status or message, ends its call alone", arguments: [1, 2])
    func malformed(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let bad: [[UInt8]] = [
                [0xFF, 0xFF, 0xFF], [0x0A, 0x02, 0xFF, 0xFF], [0x12, 0x02, 0xFF, 0xFF], [0x0A, 0x7F],
            ]
            for data in bad {
                let client = server.client()
                async let failure = Self.failure { try await client.call(Echo.say, Note("a")) }
                let connection = await server.accept()
                let id = await connection.next()?.streamID ?? 0
                connection.send(Frames.raw(id, type: 2, data: data))
                guard case .malformedAnswer = await failure as? ClientError else {
                    return #expect(Bool(false), "\(data)")
                }
            }
        }
    }

    @Test("a server that closes in the middle of a frame has lost the call", arguments: [1, 2], [1, 9, 10, 12])
    func halfAFrame(loops: Int, byteCount: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            async let failure = Self.failure {
                try await client.call(Echo.say, Note("a"), CallOptions(isRepeatable: false))
            }
            let connection = await server.accept()
            let id = await connection.next()?.streamID ?? 0
            connection.send(Array(Frames.response(id, Note("b")).prefix(byteCount)))
            connection.close()
            #expect(await failure as? ClientError == .connectionLost)
        }
    }

    @Test("a frame that is too long ends its call alone; of 4 GiB nothing is kept", arguments: [1, 2])
    func oversize(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client { $0.messageBytesMax = 1_000 }
            async let unary = Self.failure { try await client.call(Echo.say, Note("a")) }
            let connection = await server.accept()
            let call = await connection.next()
            connection.send(Frames.raw(call?.streamID ?? 0, type: 2, data: [UInt8](repeating: 0, count: 1_001)))
            #expect((await unary as? Status)?.code == .resourceExhausted)

            var answers = try await client.serverStream(Streams.count, Note()).makeAsyncIterator()
            let stream = await connection.next()
            connection.send(Frames.raw(stream?.streamID ?? 0, type: 3, data: [UInt8](repeating: 0, count: 1_001)))
            let status = await #expect(throws: Status.self) { try await answers.next() }
            #expect(status?.code == .resourceExhausted)
            #expect(await connection.next()?.method == "Cancel")

            async let next = client.call(Echo.say, Note("c"))
            let id = await connection.next()?.streamID ?? 0
            connection.send(Frames.response(id, Note("d")) + Frames.raw(id + 2, type: 2, claims: .max))
            let reason = try await next.reason
            #expect(reason == "d")
        }
    }

    // MARK: The ends of a stream

    @Test(
        "a server's stream ends by a Response, by Data that closes, or by the last message that does",
        arguments: [1, 2], 0..<3)
    func serverEnds(loops: Int, way: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            async let all = Self.all { try await client.serverStream(Streams.count, Note()) }
            let connection = await server.accept()
            let request = await connection.next()
            #expect(request?.flags == .remoteClosed)
            let id = request?.streamID ?? 0
            connection.send(Frames.data(id, "a"))
            switch way {
            case 0: connection.send(Frames.data(id, "b") + Frames.end(id))
            case 1: connection.send(Frames.data(id, "b") + Frames.raw(id, type: 3, flags: 5))
            default: connection.send(Frames.data(id, "b", .remoteClosed))
            }
            // After its end nothing more belongs to it.
            connection.send(Frames.data(id, "late") + Frames.end(id))
            let words = try await all
            #expect(words == ["a", "b"])
        }
    }

    @Test(
        "a stream of both ways ends as its server says, whichever end closes first", arguments: [1, 2], [true, false])
    func halfClose(loops: Int, clientFirst: Bool) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            let (requests, responses) = try await client.bothStreams(Streams.chat)
            let connection = await server.accept()
            let request = await connection.next()
            #expect(request?.flags == .remoteOpen)
            let id = request?.streamID ?? 0
            try await requests.send(Note("a"))
            #expect(await connection.next()?.type == .data)
            var answers = responses.makeAsyncIterator()
            if clientFirst {
                try await requests.finish()
                #expect(await connection.next()?.flags == [.remoteClosed, .noData])
                // It may not send any more, and still reads.
                await #expect(throws: (any Error).self) { try await requests.send(Note("late")) }
                connection.send(Frames.data(id, "b") + Frames.data(id, "c") + Frames.end(id))
                #expect(try await answers.next()?.reason == "b")
                #expect(try await answers.next()?.reason == "c")
            } else {
                connection.send(Frames.data(id, "b", .remoteClosed))
                #expect(try await answers.next()?.reason == "b")
            }
            #expect(try await answers.next() == nil)
            await #expect(throws: (any Error).self) { try await requests.send(Note("late")) }
        }
    }

    @Test(
        "a client's stream is answered by a Response or by Data that closes; without a message it fails",
        arguments: [1, 2], 0..<3)
    func clientStreamEnds(loops: Int, way: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            async let answer = Self.outcome { try await client.clientStream(Streams.join) { _ in } }
            let connection = await server.accept()
            let id = await connection.next()?.streamID ?? 0
            switch way {
            case 0: connection.send(Frames.response(id, Note("b")))
            case 1: connection.send(Frames.data(id, "b", .remoteClosed))
            default: connection.send(Frames.raw(id, type: 3, flags: 5))
            }
            switch await answer {
            case .success(let note): #expect(note.reason == "b" && way < 2)
            case .failure(let error): #expect(error as? ClientError == .malformedAnswer("no message") && way == 2)
            }
            // Its own connection ends with it.
            while await connection.next() != nil {}
        }
    }

    @Test("an end of a stream that fails gives what came before, then why", arguments: [1, 2])
    func lostStream(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            var answers = try await client.serverStream(Streams.count, Note()).makeAsyncIterator()
            let connection = await server.accept()
            connection.send(Frames.data(await connection.next()?.streamID ?? 0, "a"))
            connection.close()
            #expect(try await answers.next()?.reason == "a")
            await #expect(throws: ClientError.connectionLost) { try await answers.next() }
        }
    }

    // MARK: Who does not read

    @Test("a server that does not read makes send wait, within a bound; when it reads, all goes on", arguments: [1, 2])
    func serverStopsReading(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client { $0.streamUnsentBytesMax = 64 << 10 }
            let (requests, _) = try await client.bothStreams(Streams.chat)
            let connection = await server.accept()
            _ = await connection.next()
            connection.stopReading()
            let sent = Recorder<Int>()
            let sender = Task {
                for number in 0..<1_000 {
                    try await requests.send(Note(String(repeating: "x", count: 10_000)))
                    sent.record(number)
                }
                try await requests.finish()
            }
            await sent.wait(for: 5)
            connection.startReading()
            try await sender.value
            var count = 0
            while let frame = await connection.next(), frame.flags.isEmpty { count += 1 }
            #expect(count == 1_000)
        }
    }

    @Test("calls wait too when the server takes nothing, and end at their deadlines", arguments: [1, 2])
    func callsToADeafServer(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client {
                $0.unsentBytesMax = 1 << 20
                $0.waitingCallsMax = 8
            }
            async let first = Self.failure { try await client.call(Echo.say, Note("a")) }
            let connection = await server.accept()
            _ = await connection.next()
            connection.stopReading()
            let large = Note(String(repeating: "x", count: 1 << 20))
            // Some megabytes wait in the socket and before it, eight calls more here; all others are too many.
            let outcomes = Recorder<String>()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let options = CallOptions(timeout: .milliseconds(200))
                        let error = await Self.failure { try await client.call(Echo.say, large, options) }
                        outcomes.record((error as? Status)?.reason ?? error.map { "\($0)" } ?? "answered")
                    }
                }
            }
            let refused = "\(ClientError.tooManyWaiting(max: 8))"
            #expect(Set(outcomes.facts) == ["DEADLINE_EXCEEDED", refused])
            connection.startReading()
            await client.close()
            #expect(await first as? ClientError == .closed)
        }
    }

    @Test("a reader that stops pauses the connection, then its stream alone is cancelled", arguments: [1, 2])
    func readerStops(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client {
                $0.streamBufferMessagesMax = 4
                $0.streamStallTimeout = .milliseconds(20)
            }
            var answers = try await client.serverStream(Streams.count, Note()).makeAsyncIterator()
            let connection = await server.accept()
            let id = await connection.next()?.streamID ?? 0
            connection.send((0..<20).flatMap { Frames.data(id, "\($0)") })
            #expect(await connection.request("Cancel")?.payload == CancelCall.payload(streamID: id))
            async let next = client.call(Echo.say, Note("c"))
            connection.answer(await connection.next(), "d")
            let reason = try await next.reason
            #expect(reason == "d")
            var count = 0
            let status = await #expect(throws: Status.self) { while try await answers.next() != nil { count += 1 } }
            #expect(status?.code == .resourceExhausted && count >= 4 && count <= 20)
        }
    }

    // MARK: Calls that were not sent

    @Test("a call of which no byte was handed to the socket is told from one that was")
    func unsent() async throws {
        let loop = try EventLoop.start(.init(name: "client"))
        defer { loop.stop() }
        let outcomes = Recorder<String>()
        loop.execute {
            let transport = FakeTransport(on: loop)
            let connection = LoopBound(ClientConnection(transport, on: loop, ClientOptions()), on: loop)
            connection.value.start()
            Self.call("handed over", on: connection, outcomes)
            let end = LoopBound(transport, on: loop)
            // What was asked for in one turn is written together, before this.
            loop.execute {
                Self.call("not yet", on: connection, outcomes)
                end.value.onEnd?(.eof)
            }
        }
        await outcomes.wait(for: "handed over: ClientError")
        await outcomes.wait(for: "not yet: UnsentCall")
    }

    private static func call(
        _ name: String, on connection: LoopBound<ClientConnection>, _ outcomes: Recorder<String>
    ) {
        Task.immediate(executorPreference: connection.loop) {
            do {
                _ = try await withCheckedThrowingContinuation { continuation in
                    let call = PendingCall()
                    guard call.begin(continuation) else { return }
                    let request = OutgoingRequest(Echo.service, "Say", [], .unary, CallOptions())
                    connection.value.send(request, for: call)
                }
            } catch {
                outcomes.record("\(name): \(type(of: error))")
            }
        }
    }

    private static func failure<Answer>(_ call: () async throws -> Answer) async -> (any Error)? {
        do { _ = try await call() } catch { return error }
        return nil
    }

    private static func outcome<Answer>(_ call: () async throws -> Answer) async -> Result<Answer, any Error> {
        do { return .success(try await call()) } catch { return .failure(error) }
    }

    private static func all(_ open: () async throws -> ResponseStream<Note>) async throws -> [String] {
        var words: [String] = []
        for try await note in try await open() { words.append(note.reason) }
        return words
    }
}

/// A connection that takes everything, and ends when the test says so.
private final class FakeTransport: Transport {
    var onRead: ((RawSpan) -> Void)?
    var onEnd: ((StreamEnd) -> Void)?
    var onDrain: (() -> Void)?
    let loop: EventLoop
    let peer: PeerCredentials? = nil
    let peerNetwork: String? = nil
    let certificate: PeerCertificate? = nil
    let unsentByteCount = 0

    init(on loop: EventLoop) { self.loop = loop }

    func startReading() {}
    func stopReading() {}
    func write(_ bytes: RawSpan) {}
    func close(_ done: (() -> Void)?) {
        // As a stream does: its owner would hold it, and it its owner, for ever.
        (onRead, onEnd, onDrain) = (nil, nil, nil)
        done?()
    }
}
