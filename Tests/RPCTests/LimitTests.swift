import EventLoop
import GoogleRPC
import RPC
import SwiftProtobuf
import Testing
import Wire

@Suite("Limits", .timeLimit(.minutes(1)))
struct LimitTests {
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
