import EventLoop
import Metrics
import TestSupport
import Testing
import Threading

@testable import TLS

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
}

/// One end of a connection on a loop, with what it was told.
final class Peer: Sendable {
    enum Told: Sendable, Equatable {
        case read([UInt8])
        case ended(StreamEnd)
        case drained
    }

    private final class State {
        let transport: any Transport
        /// Stops reading after each read, until the next turn of the loop.
        var isSlow = false
        var deliveredByteCount = 0
        init(_ transport: any Transport) { self.transport = transport }
    }

    private let state: LoopBound<State>
    let told = Mailbox<Told>()
    var loop: EventLoop { state.loop }

    /// On the loop.
    init(_ transport: any Transport, reads: Bool = true) {
        state = LoopBound(State(transport), on: transport.loop)
        transport.onRead = { [told, state] bytes in
            told.put(.read(bytes.withUnsafeBytes { Array($0) }))
            state.value.deliveredByteCount += bytes.byteCount
            guard state.value.isSlow else { return }
            state.value.transport.stopReading()
            state.loop.executeNextTurn { state.value.transport.startReading() }
        }
        transport.onEnd = { [told] end in told.put(.ended(end)) }
        transport.onDrain = { [told] in told.put(.drained) }
        if reads { transport.startReading() }
    }

    func perform<Result: Sendable>(_ body: @escaping @Sendable (any Transport) -> Result) async
        -> Result
    {
        await withCheckedContinuation { continuation in
            loop.execute { [state] in continuation.resume(returning: body(state.value.transport)) }
        }
    }

    /// As `perform`, without waiting for it.
    func perform(_ body: @escaping @Sendable (any Transport) -> Void) {
        loop.execute { [state] in body(state.value.transport) }
    }

    func write(_ bytes: [UInt8]) async { await perform { $0.write(bytes.span.bytes) } }

    var deliveredByteCount: Int {
        get async {
            await withCheckedContinuation { continuation in
                loop.execute { [state] in continuation.resume(returning: state.value.deliveredByteCount) }
            }
        }
    }

    func readSlowly() async {
        loop.execute { [state] in
            state.value.isSlow = true
            state.value.transport.startReading()
        }
    }

    func close() async {
        await withCheckedContinuation { continuation in
            loop.execute { [state] in state.value.transport.close { continuation.resume() } }
        }
    }

    /// Reads so many bytes; what else is told meanwhile is passed over, but not the end.
    func read(_ count: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            switch try await told.next() {
            case .read(let more): bytes += more
            case .drained: break
            case .ended(let end): throw Ended(end: end, after: bytes.count)
            }
        }
        return bytes
    }

    /// How it ends; reads before it are passed over.
    func end() async throws -> StreamEnd {
        while true { if case .ended(let end) = try await told.next() { return end } }
    }

    struct Ended: Error {
        let end: StreamEnd
        let after: Int
    }
}

/// A loop with a TLS server, its authority and clients; stopped when nobody holds it.
final class World: Sendable {
    let folder: TemporaryFolder
    let authority: String
    let loop: EventLoop
    let metrics = MetricsRegistry()
    let server: TLSServer
    let listener: Listener
    /// The server's ends, in the order of their connections.
    let accepted: Mailbox<Peer>
    private let peers: Lock<[Peer]>

    struct Options: Sendable {
        var clients = ClientCertificates.none
        var serverExpiresIn = 3_600
        var handshakeTimeout = Duration.seconds(60)
        var serverReads = true
    }

    init(_ options: Options = Options()) throws {
        folder = try TemporaryFolder()
        let authority = try TestAuthority(in: folder)
        self.authority = authority.path
        let own = try authority.issue("server", validUntil: options.serverExpiresIn)
        _ = try authority.issue("client", subject: [("O", "CSRB"), ("CN", "registrar")], hosts: [])
        _ = try authority.issue("expired", hosts: [], validUntil: -60)
        _ = try TestAuthority(named: "stranger", in: folder).issue("foreign", hosts: [])
        let context = try TLSServerContext(
            TLSServerFiles(
                certificate: own.certificate, key: own.key, clientAuthorities: authority.path,
                clients: options.clients))
        server = TLSServer(context, handshakeTimeout: options.handshakeTimeout, metrics: metrics)
        loop = try EventLoop.start(EventLoop.Options(name: "tls"))
        let (accepted, peers, loop, layer) = (Mailbox<Peer>(), Lock<[Peer]>([]), loop, server.layer)
        (self.accepted, self.peers) = (accepted, peers)
        listener = Listener(
            try Listener.bind(.tcp(host: "127.0.0.1", port: 0), ListenOptions()), on: loop
        ) { socket in
            guard let stream = try? Stream.adopt(socket, on: loop) else { return }
            let peer = Peer(layer(stream), reads: options.serverReads)
            peers.withLock { $0.append(peer) }
            accepted.put(peer)
        }
    }

    deinit {
        for peer in peers.withLock({ $0 }) { peer.perform { $0.close(nil) } }
        loop.stop()
    }

    var port: UInt16 {
        guard case .tcp(_, let port) = listener.localAddress else { return 0 }
        return port
    }

    func identity(_ name: String) -> (certificate: String, key: String) {
        (folder.file("\(name).pem"), folder.file("\(name).key"))
    }

    /// A client's end.
    func connect(
        authority: String? = nil, host: String = "localhost", as identity: String? = nil,
        reads: Bool = true
    ) async throws -> Peer {
        let context = try TLSClientContext(
            authorities: authority ?? self.authority, identity: identity.map { self.identity($0) })
        return try await connect(
            through: context.layer(host: host, handshakeTimeout: .seconds(60)), reads: reads)
    }

    func connect(through layer: @escaping TransportLayer, reads: Bool = true) async throws -> Peer {
        let peer = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Peer, any Error>) in
            loop.execute { [loop, listener] in
                Stream.connect(to: listener.localAddress, on: loop) { result in
                    continuation.resume(
                        with: result.map { Peer(layer($0), reads: reads) }.mapError { $0 as any Error })
                }
            }
        }
        peers.withLock { $0.append(peer) }
        return peer
    }

    func count(_ name: String, reason: String? = nil) -> Int64 {
        for sample in metrics.snapshot().first(where: { $0.name == name })?.samples ?? [] {
            guard reason == nil || sample.labels["reason"] == reason else { continue }
            if case .counter(let count) = sample.value { return count }
        }
        return -1
    }

    var handshakes: Int64 { count("cordee_tls_handshakes_total") }
    func failures(_ reason: String) -> Int64 {
        count("cordee_tls_handshake_failures_total", reason: reason)
    }
}

/// A blocking TCP socket by plain system calls: the view from outside.
final class PlainSocket {
    private let fd: Int32

    init(to port: UInt16) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(fd, $0, 16) }
        }
        try #require(code == 0, "connect: \(errno)")
    }

    deinit { close(fd) }

    func send(_ bytes: [UInt8]) throws {
        let count = Glibc.send(fd, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        try #require(count == bytes.count, "send: \(errno)")
    }

    /// What comes until the other end closes.
    func rest() -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while case let count = recv(fd, &part, part.count, 0), count > 0 { bytes += part[..<count] }
        return bytes
    }
}

/// How a connection failed, in words.
func reason(_ end: StreamEnd) -> String {
    switch end {
    case .eof: "end of file"
    case .failed(let error): error.detail
    }
}
