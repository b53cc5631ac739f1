import Synchronization
import Testing

@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a loop tells the test that waits for it.
final class Mailbox<Message: Sendable>: Sendable {
    private let stream: AsyncStream<Message>
    private let feed: AsyncStream<Message>.Continuation

    init() { (stream, feed) = AsyncStream.makeStream() }

    func put(_ message: Message) { feed.yield(message) }

    func next() async throws -> Message { try #require(await stream.first { _ in true }) }

    func next(_ count: Int) async throws -> [Message] {
        var messages: [Message] = []
        while messages.count < count { messages.append(try await next()) }
        return messages
    }
}

/// Runs `body` with loops that are stopped after it.
func withLoops<Result>(_ count: Int, _ body: ([EventLoop]) async throws -> Result) async throws -> Result {
    let loops = try (0..<count).map { try EventLoop.start(.init(name: "test-\($0)")) }
    defer { for loop in loops { loop.stop() } }
    return try await body(loops)
}

extension EventLoop {
    /// Runs `work` on the loop and waits for its value.
    func call<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            execute { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}

/// A value of a loop that callbacks change.
final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

/// A blocking socket by plain system calls: the view from outside.
final class PlainSocket: Sendable {
    /// Not for the processes that other tests start meanwhile: one that held an end would keep it open.
    static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

    let fd: Int32

    init(_ fd: Int32) {
        precondition(fd >= 0, "no socket: \(errno)")
        self.fd = fd
    }

    convenience init(connectedTo address: SocketAddress) throws {
        let name = try SocketName(address, for: "connect to")
        self.init(socket(name.family, Self.kind, 0))
        let code = name.withPointer { connect(fd, $0, $1) }
        try #require(code == 0, "connect: \(errno)")
    }

    /// Two ends: one for the test, a descriptor for a loop to own.
    static func pair() -> (PlainSocket, Int32) {
        var fds: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Self.kind, 0, &fds) == 0)
        return (PlainSocket(fds[0]), fds[1])
    }

    deinit { close(fd) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress?.advanced(by: sent), bytes.count - sent, 0x4000)
            }
            try #require(count > 0, "send: \(errno)")
            sent += count
        }
    }

    /// Reads `count` bytes, fewer at the end of the stream.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let more = bytes.withUnsafeMutableBytes { recv(fd, $0.baseAddress?.advanced(by: got), count - got, 0) }
            try #require(more >= 0, "recv: \(errno)")
            if more == 0 { break }
            got += more
        }
        return Array(bytes[..<got])
    }
}

/// Bytes that differ from place to place, the same for a seed: random ones, repeated after a prime number of them, so
/// that no shift by a power of two looks right.
func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    var bytes = (0..<min(count, 8_191)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }
    while bytes.count < count { bytes.append(contentsOf: bytes.prefix(min(8_191, count - bytes.count))) }
    return bytes
}
