import TestSupport
import Testing

@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct ConnectTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func outcome(
        of address: SocketAddress, on loop: EventLoop
    ) async throws -> Result<LoopBound<Stream>, EventLoopError> {
        let outcomes = Mailbox<Result<LoopBound<Stream>, EventLoopError>?>()
        loop.execute {
            Stream.connect(to: address, on: loop) { outcomes.put($0.map { LoopBound($0, on: loop) }) }
            outcomes.put(nil)
        }
        let inside = try await outcomes.next()
        #expect(inside == nil, "called inside connect")
        return try #require(try await outcomes.next())
    }

    @Test("two of our streams talk, and each knows the other's user", arguments: [true, false])
    func talks(isUnix: Bool) async throws {
        try await withLoops(2) { loops in
            let address: SocketAddress =
                isUnix ? .unix(path: folder.file("socket")) : .tcp(host: "127.0.0.1", port: 0)
            let listener = Listener(try Listener.bind(address), on: loops[0]) { startEcho($0, on: loops[0]) }
            let stream = try await outcome(of: listener.localAddress, on: loops[1]).get()
            let answers = Mailbox<[UInt8]>()
            let peer = try await loops[1].call { () -> PeerCredentials? in
                stream.value.onRead = { answers.put($0.withUnsafeBytes { Array($0) }) }
                stream.value.startReading()
                stream.value.write([UInt8]([4, 5, 6]).span.bytes)
                return stream.value.peer
            }
            let answer = try await answers.next()
            #expect(answer == [4, 5, 6])
            #expect(peer == (isUnix ? PeerCredentials(uid: getuid(), gid: getgid(), pid: getpid()) : nil))
        }
    }

    @Test("a connection that cannot be made is an error that names the address and the reason")
    func failures() async throws {
        let unused = try Listener.bind(.tcp(host: "127.0.0.1", port: 0))
        let closedPort = unused.address
        _ = consume unused
        let cases: [(SocketAddress, Int32)] = [
            (.unix(path: folder.file("none")), ENOENT),
            (.unix(path: folder.file(String(repeating: "x", count: 108))), ENAMETOOLONG),
            (.unix(path: ""), EINVAL),
            (.unix(path: "a\0b"), EINVAL),
            (closedPort, ECONNREFUSED),
            (.tcp(host: "localhost", port: 1), EINVAL),
            (.tcp(host: "::zz", port: 1), EINVAL),
        ]
        try await withLoops(1) { loops in
            for (address, code) in cases {
                guard case .failure(let error) = try await outcome(of: address, on: loops[0]) else {
                    Issue.record("connected to \(address)")
                    continue
                }
                #expect(error.code == code, "\(error)")
                #expect(error.description.contains(address.description))
            }
        }
    }
}
