import Testing

@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct StreamTests {
    @Test("what a slow reader does not take is queued, counted to the byte, sent in order, and drained once")
    func slowReader() async throws {
        try await withStream { loop, stream, reader in
            let pieces = 8 << 20
            let total = pieces + 16
            let bytes = pattern(total)
            let drained = Mailbox<Int>()
            try await loop.call {
                stream.value.onDrain = { [unowned stream = stream.value] in drained.put(stream.unsentByteCount) }
                // In pieces, so that later ones find a queue.
                for start in stride(from: 0, to: pieces, by: 1 << 20) {
                    stream.value.write(bytes.span.extracting(start..<start + 1 << 20).bytes)
                }
                // Small ones end in one go, and are still one drain.
                for index in pieces..<total { stream.value.write(bytes.span.extracting(index..<index + 1).bytes) }
            }
            var inKernel: Int32 = 0
            #expect(readableByteCount(reader.fd, &inKernel) == 0 && inKernel > 0)
            let unsent = try await loop.call { stream.value.unsentByteCount }
            #expect(unsent == total - Int(inKernel))
            #expect(try reader.receive(total) == bytes)
            let unsentAtDrain = try await drained.next()
            #expect(unsentAtDrain == 0)
            // Not a second time: a small write goes out at once, and nothing was queued.
            try await loop.call { stream.value.write([UInt8]([1, 2, 3]).span.bytes) }
            #expect(try reader.receive(3) == [1, 2, 3])
            drained.put(-1)
            let next = try await drained.next()
            #expect(next == -1)
        }
    }

    @Test("the end of the other side is told once, and our half still works")
    func endOfFile() async throws {
        try await withStream { loop, stream, peer in
            let ends = Mailbox<StreamEnd>()
            try await loop.call {
                stream.value.onEnd = { ends.put($0) }
                stream.value.startReading()
            }
            shutdown(peer.fd, Int32(SHUT_WR))
            let end = try await ends.next()
            #expect(end == .eof)
            try await loop.call {
                stream.value.startReading()
                stream.value.write([UInt8(7)].span.bytes)
            }
            #expect(try peer.receive(1) == [7])
            shutdown(peer.fd, Int32(SHUT_RD))
            try await loop.call { stream.value.write([UInt8(7)].span.bytes) }
            try await loop.call { ends.put(.failed(.stopped("test", "the second end"))) }
            let next = try await ends.next()
            #expect(next == .failed(.stopped("test", "the second end")))
        }
    }

    @Test("writing to a peer that is gone ends the stream with an error, not inside the write, and once")
    func brokenPipe() async throws {
        try await withStream { loop, stream, peer in
            let ends = Mailbox<StreamEnd?>()
            shutdown(peer.fd, Int32(SHUT_RDWR))
            try await loop.call {
                stream.value.onEnd = { ends.put($0) }
                stream.value.write([UInt8(1)].span.bytes)
                stream.value.write([UInt8(1)].span.bytes)
                ends.put(nil)
            }
            let first = try await ends.next()
            #expect(first == nil)
            guard case .failed(let error) = try await ends.next() else { return #expect(Bool(false), "no failure") }
            #expect(error.code == EPIPE)
            try await loop.call { stream.value.write([UInt8(1)].span.bytes) }
            try await loop.call { ends.put(nil) }
            let last = try await ends.next()
            #expect(last == nil)
        }
    }

    @Test("reading stops and goes on when told, and nothing is lost between")
    func pausedReading() async throws {
        try await withStream { loop, stream, peer in
            let reads = Mailbox<[UInt8]>()
            try await loop.call {
                stream.value.onRead = { [unowned stream = stream.value] bytes in
                    reads.put(bytes.withUnsafeBytes { Array($0) })
                    stream.stopReading()
                }
                stream.value.startReading()
            }
            try peer.send([1])
            let first = try await reads.next()
            try peer.send([2])
            // Two turns in which the byte could come.
            try await loop.sleep(for: .milliseconds(1))
            try await loop.call { reads.put([0]) }
            let second = try await reads.next()
            try await loop.call { stream.value.startReading() }
            let third = try await reads.next()
            #expect([first, second, third] == [[1], [0], [2]])
        }
    }

    @Test("closing inside a callback is safe, closing again is harmless, and each close is told its end")
    func closeInCallback() async throws {
        try await withStream { loop, stream, peer in
            let closed = Mailbox<Int>()
            try await loop.call {
                stream.value.onRead = { [unowned stream = stream.value] _ in
                    stream.close { closed.put(1) }
                    stream.close { closed.put(2) }
                    stream.write([UInt8(1)].span.bytes)
                }
                stream.value.onEnd = { _ in closed.put(0) }
                stream.value.startReading()
            }
            try peer.send([1, 2, 3])
            let order = try await closed.next(2)
            #expect(order == [1, 2])
            try await loop.call { stream.value.close { closed.put(3) } }
            let last = try await closed.next()
            #expect(last == 3)
            #expect(try peer.receive(1) == [])
        }
    }

    @Test("callbacks, and what they hold, are released when the stream is closed")
    func callbacksAreReleased() async throws {
        try await withStream { loop, stream, _ in
            let probe = try await loop.call { () -> LoopBound<Weak> in
                let held = Box(1)
                stream.value.onRead = { _ in held.value += 1 }
                stream.value.onEnd = { _ in held.value += 1 }
                stream.value.onDrain = { held.value += 1 }
                return LoopBound(Weak(held), on: loop)
            }
            let isHeld = try await loop.call { probe.value.box != nil }
            #expect(isHeld)
            let closed = Mailbox<Bool>()
            try await loop.call { stream.value.close { closed.put(probe.value.box == nil) } }
            let isReleased = try await closed.next()
            #expect(isReleased)
        }
    }

    private struct Weak { weak var box: Box<Int>?; init(_ box: Box<Int>) { self.box = box } }

    @Test("the peer of a Unix socket is this process")
    func credentials() async throws {
        try await withStream { loop, stream, _ in
            let peer = try await loop.call { stream.value.peer }
            #expect(peer == PeerCredentials(uid: getuid(), gid: getgid(), pid: getpid()))
        }
    }

    @Test("a descriptor that is no stream socket is refused and closed")
    func adoptsOnlySockets() async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let error = try await loop.call { () -> EventLoopError? in
                do throws(EventLoopError) {
                    _ = try Stream.adopt(AcceptedSocket(owning: open("/dev/null", O_RDWR)), on: loop)
                    return nil
                } catch { return error }
            }
            #expect(error?.code == EINVAL)
        }
    }

    /// A stream on a loop, and the plain socket at its other end.
    private func withStream(
        _ body: (EventLoop, LoopBound<Stream>, PlainSocket) async throws -> Void
    ) async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let (peer, mine) = PlainSocket.pair()
            let stream = try await loop.call {
                LoopBound(try Stream.adopt(AcceptedSocket(owning: mine), on: loop), on: loop)
            }
            try await body(loop, stream, peer)
            try await loop.call { stream.value.close() }
        }
    }

    private func readableByteCount(_ fd: Int32, _ count: inout Int32) -> Int32 { ioctl(fd, UInt(FIONREAD), &count) }
}
