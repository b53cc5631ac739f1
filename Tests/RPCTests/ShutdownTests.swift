import EventLoop
import GoogleRPC
import RPC
import Testing
import Wire

@Suite("Shutdown", .timeLimit(.minutes(10)))
struct ShutdownTests {
    @Test("running calls are finished, new ones refused, then the connection is closed", arguments: [1, 2])
    func graceful(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Later"))
            await test.gate.facts.wait(for: "entered")
            async let end: Void = test.server.shutdown(grace: .seconds(50))
            // The refusal tells that the shutdown has begun.
            var id: UInt32 = 3
            var refused: RawPeer.Answer?
            repeat {
                peer.send(Frames.request(id))
                refused = await peer.next()
                id += 2
            } while refused?.code == .ok
            #expect(refused?.code == .unavailable && refused?.reason == "SHUTTING_DOWN" && refused?.retryDelay != nil)
            test.gate.open()
            let answer = await peer.next()
            #expect(answer?.streamID == 1 && answer?.code == .ok)
            #expect(await peer.next() == nil)
            await end
            #expect(test.counter("cordee_rpc_connections") == 0)
            await #expect(throws: ClientError.self) { try await test.connect() }
        }
    }

    @Test("when the grace is over, calls are cancelled and answered UNAVAILABLE", arguments: [1, 2])
    func graceOver(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Later"))
            await test.gate.facts.wait(for: "entered")
            await test.server.shutdown(grace: .milliseconds(1))
            let answer = await peer.next()
            #expect(answer?.streamID == 1 && answer?.code == .unavailable)
            #expect(await peer.next() == nil)
            await test.gate.facts.wait(for: "cancelled")
        }
    }

    @Test("a stream that waits for something to tell is ended at once, and a later one too", arguments: [1, 2])
    func pausedStream(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Watch", payload: [], flags: .remoteClosed))
            #expect(await peer.next()?.dataFlags != nil)
            await test.server.shutdown(grace: .seconds(3_600))
            let end = await peer.next()
            #expect(end?.streamID == 1 && end?.reason == "SHUTTING_DOWN" && end?.retryDelay != nil)
            #expect(await peer.next() == nil)
        }
    }

    @Test("idle connections end at once, and a second shutdown has nothing to do", arguments: [1, 2])
    func idle(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            var clients: [Client] = []
            for _ in 0..<2 { clients.append(try await test.connect { $0.reconnects = false }) }
            for client in clients { _ = try await client.call(Echo.say, Note("a")) }
            await test.server.shutdown(grace: .seconds(50))
            await test.server.shutdown(grace: .seconds(50))
            #expect(test.counter("cordee_rpc_connections") == 0)
            await #expect(throws: ClientError.connectionLost) { try await clients[0].call(Echo.say, Note("b")) }
        }
    }
}
