import EventLoop
import GoogleRPC
import RPC
import SwiftProtobuf
import Testing
import Wire

/// A bound that is reached, and what its caller and its operator see.
private struct Bound: Sendable, CustomTestStringConvertible {
    var key: String
    var set: @Sendable (inout ServerLimits) -> Void
    var frames: [UInt8]
    var code: StatusCode
    var reason: String
    /// Whether the same call may succeed later.
    var canRetry = false
    /// Whether a call waits at the gate meanwhile.
    var isHeld = false
    var counter: String

    var testDescription: String { "\(key) \(reason)" }

    private static let large = Note(String(repeating: "x", count: 3_000))
    private static let largeData = Frames.raw(
        1, type: 3, data: (try? Note(String(repeating: "x", count: 3_000)).serializedBytes()) ?? [])
    private static let join = Frames.request(1, "Join", payload: [], flags: .remoteOpen)
    private static let pairs = [("a", "1"), ("b", "2"), ("c", String(repeating: "3", count: 300))]

    static let calls: [Bound] = [
        Bound(
            key: "calls_per_connection_max", set: { $0.callsPerConnectionMax = 1 },
            frames: Frames.request(1, "Later") + Frames.request(3), code: .resourceExhausted,
            reason: "TOO_MANY_CALLS", canRetry: true, isHeld: true, counter: "cordee_rpc_calls_shed_total"),
        Bound(
            key: "calls_max", set: { $0.callsMax = 1 }, frames: Frames.request(1, "Later") + Frames.request(3),
            code: .resourceExhausted, reason: "SERVER_BUSY", canRetry: true, isHeld: true,
            counter: "cordee_rpc_calls_shed_total"),
        Bound(
            key: "call_timeout", set: { $0.callTimeoutMax = .milliseconds(5) }, frames: Frames.request(1, "Later"),
            code: .deadlineExceeded, reason: "DEADLINE_EXCEEDED", counter: "cordee_rpc_deadlines_exceeded_total"),
        Bound(
            key: "stream_buffer_messages_max",
            set: { ($0.streamBufferMessagesMax, $0.streamStallTimeout) = (1, .milliseconds(5)) },
            frames: Frames.request(1, "Hold", payload: [], flags: .remoteOpen) + largeData + largeData,
            code: .resourceExhausted, reason: "STREAM_STALLED", canRetry: true,
            counter: "cordee_rpc_streams_cut_total"),
        Bound(
            key: "stream_buffer_bytes_max",
            set: { ($0.streamBufferBytesMax, $0.streamStallTimeout) = (1_000, .milliseconds(5)) },
            frames: Frames.request(1, "Hold", payload: [], flags: .remoteOpen) + largeData + largeData,
            code: .resourceExhausted, reason: "STREAM_STALLED", canRetry: true,
            counter: "cordee_rpc_streams_cut_total"),
    ]

    static let sizes: [Bound] = [
        Bound(
            key: "message_bytes_max", set: { $0.messageBytesMax = 2_000 }, frames: Frames.request(1, note: large),
            code: .resourceExhausted, reason: "MESSAGE_TOO_LARGE", counter: "cordee_rpc_messages_too_large_total"),
        Bound(
            key: "message_bytes_max of data", set: { $0.messageBytesMax = 2_000 }, frames: join + largeData,
            code: .resourceExhausted, reason: "MESSAGE_TOO_LARGE", counter: "cordee_rpc_messages_too_large_total"),
        Bound(
            key: "message_bytes_max of an answer", set: { $0.messageBytesMax = 2_000 },
            frames: Frames.request(1, "Big", note: Note("3000")), code: .resourceExhausted,
            reason: "ANSWER_TOO_LARGE", counter: "cordee_rpc_messages_too_large_total"),
        Bound(
            key: "message_bytes_max of a stream's answer", set: { $0.messageBytesMax = 500 },
            frames: Frames.request(1, "Endless", payload: [], flags: .remoteClosed), code: .resourceExhausted,
            reason: "ANSWER_TOO_LARGE", counter: "cordee_rpc_messages_too_large_total"),
        Bound(
            key: "metadata_pairs_max", set: { $0.metadataPairsMax = 2 }, frames: Frames.request(1, metadata: pairs),
            code: .resourceExhausted, reason: "ENVELOPE_TOO_LARGE", counter: "cordee_rpc_envelopes_too_large_total"),
        Bound(
            key: "metadata_bytes_max", set: { $0.metadataBytesMax = 256 }, frames: Frames.request(1, metadata: pairs),
            code: .resourceExhausted, reason: "ENVELOPE_TOO_LARGE", counter: "cordee_rpc_envelopes_too_large_total"),
        Bound(
            key: "name_bytes_max", set: { $0.nameBytesMax = 64 },
            frames: Frames.request(1, String(repeating: "M", count: 65)), code: .resourceExhausted,
            reason: "ENVELOPE_TOO_LARGE", counter: "cordee_rpc_envelopes_too_large_total"),
        Bound(
            key: "decode_depth_max", set: { $0.decodeDepthMax = 3 },
            frames: Frames.request(
                1, "Encode", service: KindsMethods.service, payload: Array(#"{"part":{"inner":{"inner":{}}}}"#.utf8),
                metadata: [("content-type", "application/json")]),
            code: .invalidArgument, reason: "MALFORMED_PAYLOAD", counter: "cordee_rpc_payloads_refused_total"),
    ]
}

@Suite("Limits", .timeLimit(.minutes(10)))
struct LimitTests {
    @Test(
        "over a bound, the caller learns the reason and whether to come again, and it is counted",
        arguments: Bound.calls + Bound.sizes, [1, 2])
    fileprivate func bound(bound: Bound, loops: Int) async throws {
        var limits = ServerLimits()
        bound.set(&limits)
        try await TestServer.run(loops: loops, limits, KindsMethods.all) { test in
            let peer = try await RawPeer(to: test)
            peer.send(bound.frames)
            let answer = await peer.next()
            #expect(answer?.code == bound.code && answer?.reason == bound.reason)
            #expect(answer?.retryDelay == (bound.canRetry ? limits.retryDelay : nil))
            try await test.settle()
            #expect(test.counter(bound.counter) == 1)
            // The connection lives on, once the calls that fill it are over.
            test.gate.open()
            if bound.isHeld { #expect(await peer.next()?.streamID == 1) }
            peer.send(Frames.request(101))
            while let answer = await peer.next(), answer.streamID != 101 {}
            try await test.settle()
            #expect(test.counter(bound.counter) == 1)
        }
    }

    @Test("more calls than a connection may have open are refused at once, with RetryInfo", arguments: [1, 2])
    func callsPerConnection(loops: Int) async throws {
        var limits = ServerLimits()
        limits.callsPerConnectionMax = 3
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            peer.send([1, 3, 5, 7].flatMap { Frames.request($0, "Later") })
            let refused = await peer.next()
            #expect(refused?.streamID == 7 && refused?.code == .resourceExhausted)
            #expect(refused?.reason == "TOO_MANY_CALLS" && refused?.retryDelay == limits.retryDelay)
            // Another connection has its own bound.
            let client = try await test.connect()
            #expect(try await client.call(Echo.say, Note("a")).reason == "a")
            test.gate.open()
            var ids: Set<UInt32> = []
            for _ in 0..<3 { if let answer = await peer.next(), answer.code == .ok { ids.insert(answer.streamID) } }
            #expect(ids == [1, 3, 5])
            peer.send(Frames.request(9))
            #expect(await peer.next()?.code == .ok)
        }
    }

    @Test("more calls than the server may have open are refused on any connection", arguments: [1, 2])
    func callsOfServer(loops: Int) async throws {
        var limits = ServerLimits()
        limits.callsMax = 2
        try await TestServer.run(loops: loops, limits) { test in
            let (one, other) = (try await RawPeer(to: test), try await RawPeer(to: test))
            one.send(Frames.request(1, "Later"))
            other.send(Frames.request(1, "Later"))
            await test.gate.facts.wait(for: "entered", count: 2)
            one.send(Frames.request(3))
            let refused = await one.next()
            #expect(refused?.reason == "SERVER_BUSY" && refused?.retryDelay != nil)
            test.gate.open()
            #expect(await one.next()?.streamID == 1)
            #expect(await other.next()?.code == .ok)
            one.send(Frames.request(5))
            #expect(await one.next()?.code == .ok)
        }
    }

    @Test(
        "a connection above the bound is closed at once and counted; a freed place is taken again", arguments: [1, 2])
    func connections(loops: Int) async throws {
        var limits = ServerLimits()
        limits.connectionsMax = 2
        try await TestServer.run(loops: loops, limits) { test in
            let (one, two) = (try await RawPeer(to: test), try await RawPeer(to: test))
            one.send(Frames.request(1))
            two.send(Frames.request(1))
            #expect(await one.next()?.code == .ok)
            #expect(await two.next()?.code == .ok)
            let third = try await RawPeer(to: test)
            #expect(await third.next() == nil)
            #expect(test.counter("cordee_rpc_connections_refused_total") == 1)
            one.close()
            await test.facts.wait(for: "closed")
            let fourth = try await RawPeer(to: test)
            fourth.send(Frames.request(1))
            #expect(await fourth.next()?.code == .ok)
        }
    }

    @Test("an answer larger than a frame is RESOURCE_EXHAUSTED, not sent", arguments: [1, 2])
    func answerSize(loops: Int) async throws {
        var limits = ServerLimits()
        limits.messageBytesMax = 10_000
        try await TestServer.run(loops: loops, limits) { test in
            let client = try await test.connect()
            #expect(try await client.call(Echo.big, Note("9000")).reason.utf8.count == 9_000)
            let status = await #expect(throws: Status.self) { try await client.call(Echo.big, Note("10000")) }
            #expect(status?.code == .resourceExhausted && status?.reason == "ANSWER_TOO_LARGE")
        }
    }

    @Test(
        "a peer that does not take its answers is not read any more, and served whole when it does", arguments: [1, 2])
    func unsentBytes(loops: Int) async throws {
        var limits = ServerLimits()
        limits.unsentBytesMax = 64 << 10
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            peer.stopReading()
            let count: UInt32 = 200
            peer.send((0..<count).flatMap { Frames.request($0 * 2 + 1, "Big", note: Note("20000")) })
            let client = try await test.connect()
            while test.counter("cordee_rpc_read_pauses_total") < 1 { _ = try await client.call(Echo.say, Note("a")) }
            #expect(test.counter("cordee_rpc_requests_total") < Int64(count))
            peer.startReading()
            for index in 0..<count { #expect(await peer.next()?.streamID == index * 2 + 1) }
        }
    }

    @Test("a peer that takes nothing for too long is cut off; others are not", arguments: [1, 2])
    func unsentTimeout(loops: Int) async throws {
        var limits = ServerLimits()
        limits.unsentBytesMax = 64 << 10
        limits.unsentTimeout = .milliseconds(5)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            peer.stopReading()
            peer.send((0..<200).flatMap { Frames.request($0 * 2 + 1, "Big", note: Note("20000")) })
            let client = try await test.connect()
            await test.facts.wait(for: "closed")
            #expect(test.counter("cordee_rpc_connections_cut_total") == 1)
            #expect(try await client.call(Echo.say, Note("a")).reason == "a")
        }
    }

    @Test("a message is nested no deeper than the bound, in both codecs", arguments: [false, true])
    func depth(isJSON: Bool) async throws {
        var limits = ServerLimits()
        limits.decodeDepthMax = 20
        let method = ServerMethod(service: "s", name: "Nest") { call, payload in
            do { call.respond(try call.decode(Google_Protobuf_Value.self, payload)) } catch { call.fail(error) }
        }
        try await TestServer.run(loops: 1, limits, [method]) { test in
            let client = try await test.connect()
            func send(depth: Int) async throws {
                let value = (0..<depth).reduce(Google_Protobuf_Value(stringValue: "a")) { inner, _ in
                    Google_Protobuf_Value(listValue: .with { $0.values = [inner] })
                }
                let payload: [UInt8] = try isJSON ? value.jsonUTF8Bytes() : value.serializedBytes()
                let answer = try await client.call(
                    service: "s", method: "Nest", payload: payload, CallOptions(isJSON: isJSON))
                #expect(answer == payload)
            }
            try await send(depth: 5)
            let status = await #expect(throws: Status.self) { try await send(depth: 25) }
            #expect(status?.code == .invalidArgument && status?.reason == "MALFORMED_PAYLOAD")
        }
    }
}
