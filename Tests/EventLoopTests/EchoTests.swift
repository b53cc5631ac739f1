import Synchronization
import TestSupport
import Testing

@testable import EventLoop

@Suite struct EchoTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    enum Transport: CaseIterable { case unix, tcp4, tcp6 }

    @Test(
        "bytes come back as they were, over each transport and with each number of loops",
        arguments: Transport.allCases, [1, 2])
    func echo(_ transport: Transport, _ loopCount: Int) async throws {
        let address: SocketAddress =
            switch transport {
            case .unix: .unix(path: folder.file("socket"))
            case .tcp4: .tcp(host: "127.0.0.1", port: 0)
            case .tcp6: .tcp(host: "::1", port: 0)
            }
        try await withLoops(loopCount) { loops in
            let served = loops.map { _ in ConnectionCount() }
            let next = ConnectionCount()
            let listener = Listener(try Listener.bind(address), on: loops[0]) { socket in
                let index = next.raise() % loops.count
                socket.hand(to: loops[index]) { socket in
                    served[index].raise()
                    startEcho(socket, on: loops[index])
                }
            }
            for client in 0..<6 {
                let socket = try PlainSocket(connectedTo: listener.localAddress)
                for size in [1, 100, 65_536, 200_000] {
                    let bytes = pattern(size, seed: UInt64(client * size))
                    try socket.send(bytes)
                    #expect(try socket.receive(size) == bytes)
                }
            }
            #expect(served.map(\.value) == loops.map { _ in 6 / loopCount })
        }
    }
}

final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)
    @discardableResult func raise() -> Int { count.add(1, ordering: .relaxed).oldValue }
    var value: Int { count.load(ordering: .relaxed) }
}

/// Answers what comes until the end, then closes.
func startEcho(_ socket: consuming AcceptedSocket, on loop: EventLoop) {
    guard let stream = try? Stream.adopt(socket, on: loop) else { return }
    stream.onRead = { [unowned stream] in stream.write($0) }
    stream.onEnd = { [unowned stream] _ in stream.close() }
    stream.startReading()
}
