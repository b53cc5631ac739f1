import GoogleRPC
import RPC
import SwiftProtobuf
import Testing
import Wire

/// The table of DESIGN §2, with a peer that sends what it likes.
@Suite("Back-pressure", .timeLimit(.minutes(10)))
struct BackPressureTests {
    private static func data(_ streamID: UInt32, _ text: String = "m", _ flags: FrameFlags = []) -> [UInt8] {
        let payload: [UInt8] = (try? Note(text).serializedBytes()) ?? []
        return Frames.raw(streamID, type: 3, flags: flags.rawValue, data: payload)
    }

    private static func close(_ streamID: UInt32) -> [UInt8] { Frames.raw(streamID, type: 3, flags: 5) }

    private static func cancel(_ streamID: UInt32, of other: UInt32) -> [UInt8] {
        let payload: [UInt8] = (try? Google_Protobuf_UInt32Value(other).serializedBytes()) ?? []
        return Frames.request(streamID, "Cancel", service: "cordee.system.v1.Connection", payload: payload)
    }

    @Test("a handler that takes nothing pauses its connection; once it takes, all goes on", arguments: [1, 2])
    func handlerStops(loops: Int) async throws {
        var limits = ServerLimits()
        limits.streamBufferMessagesMax = 4
        limits.streamStallTimeout = .seconds(50)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            let messages = (0..<20).flatMap { _ in Self.data(1) }
            peer.send(Frames.request(1, "Hold", payload: [], flags: .remoteOpen) + messages + Frames.request(3))
            let other = try await test.connect()
            while test.counter("cordee_rpc_stream_stalls_total") < 1 { _ = try await other.call(Echo.say, Note("a")) }
            test.gate.open()
            #expect(await peer.next()?.streamID == 3)
            peer.send(Self.close(1))
            let answer = await peer.next()
            #expect(answer?.streamID == 1 && answer?.code == .ok)
            #expect(try Note(serializedBytes: answer?.payload ?? []).reason == "20")
        }
    }

    @Test("a handler that takes nothing for too long loses its stream alone", arguments: [1, 2])
    func stallTimeout(loops: Int) async throws {
        var limits = ServerLimits()
        limits.streamBufferMessagesMax = 4
        limits.streamStallTimeout = .milliseconds(5)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            let messages = (0..<6).flatMap { _ in Self.data(1) }
            peer.send(Frames.request(1, "Hold", payload: [], flags: .remoteOpen) + messages + Frames.request(3))
            let cut = await peer.next()
            #expect(cut?.streamID == 1 && cut?.code == .resourceExhausted && cut?.reason == "STREAM_STALLED")
            #expect(cut?.retryDelay != nil)
            // The message that was behind the stall is for no stream now; the request behind it is answered.
            #expect(await peer.next()?.reason == "STREAM_NOT_OPEN")
            #expect(await peer.next()?.streamID == 3)
            #expect(test.counter("cordee_rpc_streams_cut_total") == 1)
            await test.gate.facts.wait(for: "cancelled")
        }
    }

    @Test("bytes fill a stream's buffer as messages do, one large message does not", arguments: [1, 2])
    func bufferBytes(loops: Int) async throws {
        var limits = ServerLimits()
        limits.streamBufferBytesMax = 1_000
        limits.streamStallTimeout = .milliseconds(5)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            let large = Self.data(1, String(repeating: "x", count: 5_000))
            peer.send(Frames.request(1, "Hold", payload: [], flags: .remoteOpen) + large + Frames.request(3))
            #expect(await peer.next()?.streamID == 3)
            peer.send(large)
            #expect(await peer.next()?.reason == "STREAM_STALLED")
        }
    }

    @Test(
        "streams that hold little each and much together pause their connection; the fullest is cut", arguments: [1, 2])
    func connectionBytes(loops: Int) async throws {
        var limits = ServerLimits()
        limits.streamBufferConnectionBytesMax = 10_000
        limits.streamStallTimeout = .milliseconds(5)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            for id: UInt32 in [1, 3, 5] { peer.send(Frames.request(id, "Hold", payload: [], flags: .remoteOpen)) }
            await test.gate.facts.wait(for: "entered", count: 3)
            peer.send(Self.data(1, String(repeating: "x", count: 3_000)))
            peer.send(Self.data(3, String(repeating: "x", count: 5_000)))
            peer.send(Frames.request(7))
            #expect(await peer.next()?.streamID == 7)
            peer.send(Self.data(5, String(repeating: "x", count: 4_000)))
            let cut = await peer.next()
            #expect(cut?.streamID == 3 && cut?.reason == "STREAM_STALLED")
            test.gate.open()
            peer.send(Self.close(1) + Self.close(5))
            var counts: [UInt32: String] = [:]
            for _ in 0..<2 {
                guard let answer = await peer.next() else { break }
                counts[answer.streamID] = try Note(serializedBytes: answer.payload).reason
            }
            #expect(counts == [1: "1", 5: "1"])
        }
    }

    @Test("first messages that come in the requests themselves count as those that follow", arguments: [1, 2])
    func connectionBytesOfRequests(loops: Int) async throws {
        var limits = ServerLimits()
        limits.streamBufferConnectionBytesMax = 10_000
        limits.streamStallTimeout = .milliseconds(5)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            let large = Note(String(repeating: "x", count: 4_000))
            for id: UInt32 in [1, 3, 5] { peer.send(Frames.request(id, "Hold", note: large, flags: .remoteOpen)) }
            peer.send(Frames.request(7))
            #expect(await peer.next()?.reason == "STREAM_STALLED")
            #expect(await peer.next()?.streamID == 7)
            #expect(test.counter("cordee_rpc_streams_cut_total") == 1)
        }
    }

    @Test("what handlers took, and what ended, is held no more: the bound is of what is held now", arguments: [1, 2])
    func heldBytesReturn(loops: Int) async throws {
        var limits = ServerLimits()
        limits.streamBufferConnectionBytesMax = 10_000
        limits.streamStallTimeout = .seconds(50)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            for round in 0..<20 {
                let id = UInt32(4 * round + 1)
                let message = String(repeating: "x", count: 4_000)
                peer.send(Frames.request(id, "Join", payload: [], flags: .remoteOpen) + Self.data(id, message))
                // Every other stream is cancelled with what it holds.
                peer.send(round % 2 == 0 ? Self.close(id) : Self.cancel(id + 2, of: id))
                #expect(await peer.next()?.streamID == id)
                if round % 2 == 1 { #expect(await peer.next()?.streamID == id + 2) }
            }
            #expect(test.counter("cordee_rpc_streams_cut_total") == 0)
        }
    }

    @Test("a client that does not read makes send wait, and is still heard", arguments: [1, 2])
    func clientStops(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.stopReading()
            peer.send(Frames.request(1, "Endless", payload: [], flags: .remoteClosed))
            let other = try await test.connect()
            while test.counter("cordee_rpc_send_waits_total") < 1 { _ = try await other.call(Echo.say, Note("a")) }
            #expect(test.counter("cordee_rpc_written_bytes_total") < 4 << 20)
            peer.send(Self.cancel(3, of: 1))
            await test.facts.wait(for: "Endless CANCELLED")
            peer.startReading()
            while let answer = await peer.next(), answer.streamID == 1, answer.dataFlags != nil {}
            #expect(await peer.next()?.streamID == 3)
        }
    }

    @Test("a client that reads nothing of a stream for too long is cut off", arguments: [1, 2])
    func clientNeverReads(loops: Int) async throws {
        var limits = ServerLimits()
        limits.unsentTimeout = .milliseconds(5)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            peer.stopReading()
            peer.send(Frames.request(1, "Endless", payload: [], flags: .remoteClosed))
            await test.gate.facts.wait(for: "endless over: CancellationError")
            await test.facts.wait(for: "closed")
            #expect(test.counter("cordee_rpc_connections_cut_total") == 1)
        }
    }

    @Test("calls at the bound, then Cancel, then half-close: nothing locks", arguments: [1, 2])
    func corner(loops: Int) async throws {
        var limits = ServerLimits()
        limits.callsPerConnectionMax = 3
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            peer.send([1, 3, 5, 7].flatMap { Frames.request($0, "Join", payload: [], flags: .remoteOpen) })
            let refused = await peer.next()
            #expect(refused?.streamID == 7 && refused?.reason == "TOO_MANY_CALLS" && refused?.retryDelay != nil)
            peer.send(Self.cancel(9, of: 3))
            let cancelled = await peer.next()
            #expect(cancelled?.streamID == 3 && cancelled?.code == .cancelled)
            #expect(await peer.next() == RawPeer.Answer(streamID: 9, code: .ok, reason: "", payload: []))
            peer.send(Self.close(3))
            #expect(await peer.next()?.reason == "STREAM_NOT_OPEN")
            peer.send(Self.data(1, "a") + Self.data(5, "b", .remoteClosed) + Self.close(1))
            var answers: [UInt32: String] = [:]
            for _ in 0..<2 {
                guard let answer = await peer.next() else { break }
                answers[answer.streamID] = try Note(serializedBytes: answer.payload).reason
            }
            #expect(answers == [1: "a", 5: "b"])
            peer.send(Frames.request(11))
            #expect(await peer.next()?.code == .ok)
        }
    }

    @Test("Cancel of a call that is over, or was never there, is no error", arguments: [1, 2])
    func cancelNothing(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1) + Self.cancel(3, of: 1) + Self.cancel(5, of: 99))
            for id: UInt32 in [1, 3, 5] {
                let answer = await peer.next()
                #expect(answer?.streamID == id && answer?.code == .ok)
            }
        }
    }

    @Test("the connection that floods is handled in slices, and others meanwhile", arguments: [1, 2])
    func flood(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            // However slow this machine is today, the reader is not behind for so long.
            let client = try await test.connect { $0.streamStallTimeout = .seconds(3_600) }
            var answers = try await client.serverStream(Streams.count, Note("100000")).makeAsyncIterator()
            let other = try await test.connect()
            #expect(try await other.call(Echo.say, Note("a")).reason == "a")
            var count = 0
            while try await answers.next() != nil { count += 1 }
            #expect(count == 100_000)
        }
    }
}
