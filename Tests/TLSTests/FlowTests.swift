import EventLoop
import TestSupport
import Testing

@testable import TLS

@Suite("TLS: the flow of bytes", .timeLimit(.minutes(10)))
struct FlowTests {
    private static let byteCount = 16 << 20

    @Test(
        "16 MiB both ways to readers that pause after each read: all arrives, and what waits is told")
    func bothWays() async throws {
        let world = try World(.init(serverReads: false))
        let client = try await world.connect(reads: false)
        let server = try await world.accepted.next()
        // Repeated after a prime number of bytes, so that no shift by a power of two looks right.
        var random = Random(seed: 7)
        let piece = random.bytes(65_521)
        var sent: [UInt8] = []
        while sent.count < Self.byteCount { sent += piece.prefix(Self.byteCount - sent.count) }
        for start in stride(from: 0, to: sent.count, by: 1 << 20) {
            await client.write(Array(sent[start..<start + 1 << 20]))
            await server.write(Array(sent[start..<start + 1 << 20]))
        }
        // Nobody reads: what the kernel does not hold is unsent, on both sides.
        for peer in [client, server] {
            #expect(await peer.perform { $0.unsentByteCount } > Self.byteCount / 4)
        }
        await client.readSlowly()
        await server.readSlowly()
        async let there = server.read(Self.byteCount)
        async let back = client.read(Self.byteCount)
        #expect(try await there == sent)
        #expect(try await back == sent)
        for peer in [client, server] { #expect(await peer.perform { $0.unsentByteCount } == 0) }
    }

    @Test("nothing is delivered while reading is stopped, and it goes on where it was")
    func stopped() async throws {
        let world = try World(.init(serverReads: false))
        let client = try await world.connect()
        let server = try await world.accepted.next()
        await client.write(Array("one".utf8))
        // The handshake needs no reader; it is done when the client has sent all.
        while await client.perform({ $0.unsentByteCount }) > 0 {}
        await client.write(Array("two".utf8))
        await client.close()
        #expect(await server.deliveredByteCount == 0)
        await server.perform { $0.startReading() }
        #expect(try await server.read(6) == Array("onetwo".utf8))
        #expect(try await server.end() == .eof)
    }

    @Test("what came with the end of the handshake waits for who has not begun to read, and needs no further bytes")
    func waiting() async throws {
        let world = try World(.init(serverReads: false))
        let layer = try TLSClientContext(authorities: world.authority).layer(host: "localhost")
        // Held, so it leaves right behind the last words of the handshake: the server reads both at once.
        _ = try await world.connect { stream in
            let transport = layer(stream)
            transport.write(([1, 2, 3] as [UInt8]).span.bytes)
            return transport
        }
        let server = try await world.accepted.next()
        while world.handshakes == 0 { await server.perform { _ in } }
        #expect(await server.deliveredByteCount == 0)
        await server.perform { $0.startReading() }
        #expect(try await server.read(3) == [1, 2, 3])
    }

    @Test("an owner that stops in mid-stream is given nothing, and the peer's bytes stay with the peer")
    func heldBack() async throws {
        let world = try World()
        let client = try await world.connect()
        await client.write([0])
        let server = try await world.accepted.next()
        _ = try await server.read(1)
        await server.perform { $0.stopReading() }
        let before = await server.deliveredByteCount
        let sent = [UInt8](repeating: 9, count: Self.byteCount)
        await client.write(sent)
        // Time enough for many reads, if there were any.
        for _ in 0..<200 { await server.perform { _ in } }
        #expect(await server.deliveredByteCount == before)
        #expect(await client.perform { $0.unsentByteCount } > Self.byteCount / 4)
        await server.perform { $0.startReading() }
        #expect(try await server.read(Self.byteCount) == sent)
    }

    @Test("onDrain comes once what was held for the handshake has left")
    func drain() async throws {
        let world = try World()
        let client = try await world.connect()
        let before = await client.perform { transport -> Int in
            transport.write(([1, 2, 3] as [UInt8]).span.bytes)
            return transport.unsentByteCount
        }
        // It may have been quick; if not, the held bytes were counted.
        #expect(before == 0 || before >= 3)
        let server = try await world.accepted.next()
        #expect(try await server.read(3) == [1, 2, 3])
        if before > 0 { #expect(try await client.told.next() == .drained) }
    }

    @Test("an owner may close inside onRead")
    func closeInside() async throws {
        let world = try World()
        let client = try await world.connect()
        let server = try await world.accepted.next()
        await server.perform { transport in
            transport.onRead = { [unowned transport] _ in transport.close(nil) }
        }
        for _ in 0..<20 { await client.write([UInt8](repeating: 1, count: 40_000)) }
        // Either is the end of a peer that closed with bytes unread.
        switch try await client.end() {
        case .eof, .failed: break
        }
    }

    @Test("the end of the wire without a word of TLS is the end")
    func truncated() async throws {
        let world = try World()
        let raw = Mailbox<LoopBound<Stream>>()
        let context = try TLSClientContext(authorities: world.authority)
        let layer = context.layer(host: "localhost")
        let client = try await world.connect { stream in
            raw.put(LoopBound(stream, on: stream.loop))
            return layer(stream)
        }
        await client.write([1])
        let server = try await world.accepted.next()
        _ = try await server.read(1)
        let stream = try await raw.next()
        world.loop.execute { stream.value.close() }
        #expect(try await server.end() == .eof)
    }

    @Test("many small writes are read as few batches")
    func batches() async throws {
        let world = try World()
        let client = try await world.connect()
        await client.write([0])
        let server = try await world.accepted.next()
        _ = try await server.read(1)
        await server.perform { $0.stopReading() }
        await client.perform { transport in
            for byte in UInt8(1)...100 { transport.write([byte].span.bytes) }
        }
        await server.perform { $0.startReading() }
        // One write each on the wire; they may come in two reads of the socket, not in a hundred.
        var batches = 0
        var bytes: [UInt8] = []
        while bytes.count < 100 {
            guard case .read(let more) = try await server.told.next() else { continue }
            batches += 1
            bytes += more
        }
        #expect(bytes == Array(1...100))
        #expect(batches < 10)
    }
}
