import EventLoop
import GoogleRPC
import RPC
import Testing
import Wire

/// What is closed because nobody uses it; "never" is an hour, which no test lasts.
@Suite("Idle and half-open connections", .timeLimit(.minutes(10)))
struct IdleTests {
    private static func limits(idle: Duration = .seconds(3_600), frame: Duration = .seconds(3_600)) -> ServerLimits {
        var limits = ServerLimits()
        (limits.idleTimeout, limits.frameTimeout) = (idle, frame)
        return limits
    }

    @Test("without a call and without a byte it is closed, and counted", arguments: [1, 2])
    func idle(loops: Int) async throws {
        try await TestServer.run(loops: loops, Self.limits(idle: .milliseconds(2))) { test in
            for _ in 0..<2 {
                let silent = try await RawPeer(to: test)
                #expect(await silent.next() == nil)
            }
            #expect(test.counter("cordee_rpc_connections_idle_total") == 2)
            #expect(test.counter("cordee_rpc_connections_half_open_total") == 0)
        }
    }

    @Test("with a call open it stays, however long that takes", arguments: [1, 2])
    func openCall(loops: Int) async throws {
        try await TestServer.run(loops: loops, Self.limits(idle: .milliseconds(2))) { test in
            // It may be closed before its request comes: on to the next then.
            var waiting: RawPeer
            repeat {
                waiting = try await RawPeer(to: test)
                waiting.send(Frames.request(1, "Later") + Frames.request(3))
            } while await waiting.next()?.streamID != 3
            let closed = test.counter("cordee_rpc_connections_idle_total")
            // Others come and are closed meanwhile: the time is over many times.
            for _ in 0..<10 {
                let silent = try await RawPeer(to: test)
                #expect(await silent.next() == nil)
            }
            test.gate.open()
            #expect(await waiting.next()?.code == .ok)
            #expect(await waiting.next() == nil)
            #expect(test.counter("cordee_rpc_connections_idle_total") == closed + 11)
        }
    }

    @Test("a frame whose rest does not come closes it, one byte or all but one", arguments: [1, 2], [1, 9, 10, 30])
    func halfOpen(loops: Int, byteCount: Int) async throws {
        try await TestServer.run(loops: loops, Self.limits(frame: .milliseconds(2))) { test in
            let (peer, whole) = (try await RawPeer(to: test), try await RawPeer(to: test))
            whole.send(Frames.request(1))
            #expect(await whole.next()?.code == .ok)
            peer.send(Array(Frames.request(1).prefix(byteCount)))
            #expect(await peer.next() == nil)
            #expect(test.counter("cordee_rpc_connections_half_open_total") == 1)
            whole.send(Frames.request(3))
            #expect(await whole.next()?.code == .ok)
        }
    }

    @Test("the skipped bytes of a frame that is too long are part of it", arguments: [1, 2])
    func oversize(loops: Int) async throws {
        try await TestServer.run(loops: loops, Self.limits(frame: .milliseconds(2))) { test in
            let peer = try await RawPeer(to: test)
            // Announces 4 GiB and sends a little of it.
            peer.send([255, 255, 255, 255, 0, 0, 0, 1, 1, 0] + [UInt8](repeating: 0, count: 1_000))
            #expect(await peer.next()?.reason == "MESSAGE_TOO_LARGE")
            #expect(await peer.next() == nil)
            #expect(test.counter("cordee_rpc_connections_half_open_total") == 1)
        }
    }

    @Test("many that send one byte each delay nobody, and all are closed", arguments: [1, 2])
    func dribblers(loops: Int) async throws {
        try await TestServer.run(loops: loops, Self.limits(frame: .milliseconds(50))) { test in
            let client = try await test.connect()
            var peers: [RawPeer] = []
            for _ in 0..<200 {
                let peer = try await RawPeer(to: test)
                peer.send([0])
                peers.append(peer)
            }
            #expect(try await client.call(Echo.say, Note("a")).reason == "a")
            for peer in peers { #expect(await peer.next() == nil) }
            #expect(test.counter("cordee_rpc_connections_half_open_total") == 200)
            #expect(try await client.call(Echo.say, Note("b")).reason == "b")
        }
    }
}
