import EventLoop
import GoogleRPC
import RPC
import SwiftProtobuf
import TestSupport
import Testing
import Wire

@Suite("Bad input costs its own call and nothing else", .timeLimit(.minutes(10)))
struct BadInputTests {
    @Test("an unknown service or method is UNIMPLEMENTED and named", arguments: [1, 2])
    func unimplemented(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let service = await #expect(throws: Status.self) {
                try await client.call(service: "no.Such", method: "Say", payload: [])
            }
            #expect(service?.code == .unimplemented && service?.reason == "UNKNOWN_SERVICE")
            #expect(service?.text.en == "There is no service \"no.Such\".")
            let method = await #expect(throws: Status.self) {
                try await client.call(service: Echo.service, method: "Sh\u{1b}out", payload: [])
            }
            #expect(method?.code == .unimplemented && method?.reason == "UNKNOWN_METHOD")
            #expect(method?.text.en == "The service \"\(Echo.service)\" has no method \"Sh\\u{1b}out\".")
            #expect(method?.requestID?.count == 32)
            #expect(try await client.call(Echo.say, Note("still there")).reason == "still there")
        }
    }

    @Test("a payload that is no message is INVALID_ARGUMENT", arguments: [1, 2])
    func payload(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            func refusal(_ payload: [UInt8], isJSON: Bool) async -> Status? {
                await #expect(throws: Status.self) {
                    try await client.call(
                        service: Echo.service, method: "Say", payload: payload, CallOptions(isJSON: isJSON))
                }
            }
            for (payload, isJSON) in [([0xff], false), (Array("{".utf8), true)] {
                let status = await refusal(payload, isJSON: isJSON)
                #expect(status?.code == .invalidArgument && status?.reason == "MALFORMED_PAYLOAD")
            }
            let unknown = await refusal(Array(#"{"reason":"a","nom":"b"}"#.utf8), isJSON: true)
            #expect(unknown?.text.en == "The request is invalid: nom: there is no such field")
        }
    }

    @Test("a content-type that we do not speak is INVALID_ARGUMENT", arguments: [1, 2])
    func contentType(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            func call(_ type: String) async throws {
                _ = try await client.call(Echo.say, Note(), CallOptions(metadata: [("content-type", type)]))
            }
            try await call("application/protobuf")
            try await call("Application/X-Protobuf ; charset=utf-8")
            let status = await #expect(throws: Status.self) { try await call("text/plain") }
            #expect(status?.reason == "CONTENT_TYPE_UNSUPPORTED")
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var streamID: UInt32
        var code: StatusCode
        var reason: String
    }

    private static let rows: [Row] = [
        Row(
            testDescription: "an even id", bytes: Frames.request(2), streamID: 2, code: .invalidArgument,
            reason: "STREAM_ID_INVALID"),
        Row(
            testDescription: "an id that goes back", bytes: Frames.request(1), streamID: 1, code: .invalidArgument,
            reason: "STREAM_ID_INVALID"),
        Row(
            testDescription: "an envelope that is no message", bytes: Frames.raw(5, type: 1, data: [0xff, 0xff]),
            streamID: 5, code: .invalidArgument, reason: "MALFORMED_ENVELOPE"),
        Row(
            testDescription: "a name with a NUL", bytes: Frames.request(5, "S\0y"), streamID: 5, code: .invalidArgument,
            reason: "MALFORMED_ENVELOPE"),
        Row(
            testDescription: "more metadata than the bound",
            bytes: Frames.request(5, metadata: [("k", String(repeating: "v", count: 20_000))]), streamID: 5,
            code: .resourceExhausted, reason: "ENVELOPE_TOO_LARGE"),
        Row(
            testDescription: "data for no stream", bytes: Frames.raw(1, type: 3, data: [1, 2, 3]), streamID: 1,
            code: .invalidArgument, reason: "STREAM_NOT_OPEN"),
        Row(
            testDescription: "a request of a stream", bytes: Frames.request(5, flags: .remoteOpen), streamID: 5,
            code: .invalidArgument, reason: "STREAMING_UNSUPPORTED"),
        Row(
            testDescription: "a request larger than the bound",
            bytes: Frames.raw(5, type: 1, data: [UInt8](repeating: 7, count: 5 << 20)), streamID: 5,
            code: .resourceExhausted, reason: "MESSAGE_TOO_LARGE"),
        Row(
            testDescription: "a deadline that had passed when it was sent", bytes: Frames.request(5, timeout: -1),
            streamID: 5, code: .deadlineExceeded, reason: "DEADLINE_EXCEEDED"),
    ]

    @Test("a wrong frame is answered on its stream and the connection lives on", arguments: [1, 2], rows)
    func wrongFrame(loops: Int, row: Row) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(3))
            #expect(await peer.next()?.code == .ok)
            peer.send(row.bytes + Frames.request(7))
            let answer = await peer.next()
            #expect(answer?.streamID == row.streamID && answer?.code == row.code && answer?.reason == row.reason)
            let next = await peer.next()
            #expect(next?.streamID == 7 && next?.code == .ok)
        }
    }

    @Test("frames of an unknown type, responses, empty frames of them, are passed over", arguments: [1, 2])
    func ignored(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.raw(1, type: 9, data: [1, 2]) + Frames.raw(2, type: 2) + Frames.raw(0, type: 0))
            peer.send(Frames.request(1))
            #expect(await peer.next()?.streamID == 1)
        }
    }

    @Test("half a frame and silence disturb nobody else, and the rest is taken when it comes", arguments: [1, 2])
    func halfFrame(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let slow = try await RawPeer(to: test)
            let frame = Frames.request(1)
            slow.send(Array(frame[..<7]))
            let client = try await test.connect()
            for _ in 0..<20 { _ = try await client.call(Echo.say, Note("a")) }
            slow.send(Array(frame[7..<20]))
            _ = try await client.call(Echo.say, Note("a"))
            slow.send(Array(frame[20...]))
            #expect(await slow.next()?.streamID == 1)
        }
    }

    @Test("any bytes at all: the server lives and answers others", arguments: UInt64(0)..<30)
    func randomBytes(seed: UInt64) async throws {
        try await TestServer.run(loops: 1 + Int(seed % 2)) { test in
            var random = Random(seed: seed)
            let peer = try await RawPeer(to: test)
            for _ in 0..<40 { peer.send(Self.noise(&random)) }
            // Whether the noise left half a frame open is not known: another connection tells.
            let client = try await test.connect()
            #expect(try await client.call(Echo.say, Note("alive")).reason == "alive")
            peer.close()
            await test.facts.wait(for: "closed")
            #expect(test.counter("cordee_rpc_calls_open") == 0)
        }
    }

    /// Pure noise, a well-framed noise, or a good frame with some bytes changed.
    private static func noise(_ random: inout Random) -> [UInt8] {
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0 ... .max, using: &random) } }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return bytes(.random(in: 0..<30, using: &random))
        case 1..<5:
            return Frames.raw(
                .random(in: 0..<100, using: &random), type: .random(in: 0..<5, using: &random),
                flags: .random(in: 0..<8, using: &random), data: bytes(.random(in: 0..<200, using: &random)))
        default:
            var frame = Frames.request(.random(in: 0..<1_000, using: &random))
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                frame[.random(in: 10..<frame.count, using: &random)] = .random(in: 0 ... .max, using: &random)
            }
            return frame
        }
    }
}
