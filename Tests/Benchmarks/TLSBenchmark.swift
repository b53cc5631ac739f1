import EventLoop
import TLS
import TestKit

/// What TLS costs the server: the same echoes over TCP in clear and by TLS, in turn.
struct TLSBenchmark {
    let isQuick: Bool

    private static let shapes = [Shape(connections: 1, inFlight: 1), Shape(connections: 1, inFlight: 64)]

    /// A daemon on TCP, with what its calls go through.
    private struct Way {
        let server: ServerUnderTest
        let calls: EncodedCalls
        let relay: Relay
    }

    func run() async throws {
        let folder = try TemporaryFolder()
        let authority = try TestAuthority(in: folder)
        let own = try authority.issue("server")
        let trust = try TLSClientContext(authorities: authority.path)
        let loop = try EventLoop.start(EventLoop.Options(name: "relay"))
        let clear = try await way(folder.file("clear.sock"), on: loop, [], layer: { $0 })
        let secured = try await way(
            folder.file("tls.sock"), on: loop, ["--certificate", own.certificate, "--key", own.key],
            layer: trust.layer(host: "localhost"))
        say("echo over TCP, 100 bytes: server CPU µs per call in clear and by TLS, and what TLS adds, pair by pair")
        for shape in Self.shapes { try measure(shape, clear, secured) }
        for way in [clear, secured] {
            way.relay.close()
            try await way.server.stop()
        }
        loop.stop()
    }

    private func way(
        _ path: String, on loop: EventLoop, _ options: [String], layer: @escaping TransportLayer
    ) async throws -> Way {
        let server = try ServerUnderTest(daemonIn: nil, loops: 1, more: ["--tcp"] + options)
        let line = try await server.process.line(with: "tcp:127.0.0.1:")
        let digits = line.split(separator: "tcp:127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
        guard let port = UInt16(digits) else { throw BenchmarkError("no TCP port in \(line)") }
        let address = SocketAddress.tcp(host: "127.0.0.1", port: port)
        return Way(
            server: server, calls: try await Scene.found(in: server, teachers: 1).echo(),
            relay: try Relay(from: path, to: address, on: loop, layer: layer))
    }

    private func measure(_ shape: Shape, _ clear: Way, _ secured: Way) throws {
        let count = (shape.inFlight == 1 ? 10_000 : 60_000) / (isQuick ? 2 : 1)
        var (plain, tls): ([Double], [Double]) = ([], [])
        for _ in 0..<(isQuick ? 5 : 21) {
            for (way, isPlain) in [(clear, true), (secured, false)] {
                let sample = try Load.run(
                    way.calls, to: way.server, shape, warmUp: count / 10, count: count, at: way.relay.path)
                if isPlain { plain.append(sample.cpuMicroseconds) } else { tls.append(sample.cpuMicroseconds) }
            }
        }
        let added = Spread(zip(plain, tls).map { $1 - $0 })
        say(
            "  " + "\(shape)".left(19) + Spread(plain).median.rounded(to: 2).right(6)
                + Spread(tls).median.rounded(to: 2).right(8) + "   \(added.text(digits: 2)); goal: at most 2")
    }
}

/// A socket whose bytes go to a TCP address through a layer, and back: the load speaks no TLS.
final class Relay: Sendable {
    let path: String
    private let listener: Listener

    init(
        from path: String, to address: SocketAddress, on loop: EventLoop, layer: @escaping TransportLayer
    ) throws {
        self.path = path
        listener = Listener(try Listener.bind(.unix(path: path)), on: loop) { socket in
            guard let near = try? Stream.adopt(socket, on: loop) else { return }
            Stream.connect(to: address, on: loop) { result in
                guard case .success(let stream) = result else { return near.close() }
                Self.join(near, layer(stream))
            }
        }
    }

    func close() { listener.close() }

    private static func join(_ near: any Transport, _ far: any Transport) {
        near.onRead = { far.write($0) }
        far.onRead = { near.write($0) }
        for end in [near, far] {
            end.onEnd = { _ in
                near.close(nil)
                far.close(nil)
            }
        }
        near.startReading()
        far.startReading()
    }
}
