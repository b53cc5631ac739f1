import EventLoop
import RPC
import Threading
import Wire

/// A socket before a daemon's that passes everything on, but loses the answers of one method some times: the daemon has
/// carried the call out, and its client sees the connection end.
public final class LossyRelay: Sendable {
    public let socketPath: String
    /// Answers that were lost.
    public var lostCount: Int { lost.withLock { $0 } }

    private let lost = Lock(0)
    private let listener = Lock<Listener?>(nil)

    public init(to daemon: String, in folder: TemporaryFolder, losing method: String, times: Int) async throws {
        socketPath = folder.file("relay-\(method)")
        let listening = try Listener.bind(.unix(path: socketPath))
        let loop = Patience.loop
        let made = Listener(listening, on: loop) { [lost] socket in
            socket.hand(to: loop) { socket in
                guard let client = try? Stream.adopt(socket, on: loop) else { return }
                Stream.connect(to: .unix(path: daemon), on: loop) { result in
                    guard case .success(let server) = result else { return client.close() }
                    Pair(client, server, losing: method) {
                        lost.withLock { count in
                            guard count < times else { return false }
                            count += 1
                            return true
                        }
                    }.start()
                }
            }
        }
        listener.withLock { $0 = made }
    }

    /// One connection and its other half, on the loop.
    private final class Pair {
        private let client: Stream
        private let server: Stream
        private let method: String
        private let loses: () -> Bool
        private var requests = FrameDecoder()
        private var answers = FrameDecoder()
        private let parser = RequestParser()
        /// Calls of the method that are open.
        private var streamIDs: Set<UInt32> = []

        init(_ client: Stream, _ server: Stream, losing method: String, _ loses: @escaping () -> Bool) {
            (self.client, self.server, self.method, self.loses) = (client, server, method, loses)
        }

        func start() {
            client.onRead = { bytes in
                self.noteRequests(in: bytes)
                self.server.write(bytes)
            }
            server.onRead = { bytes in
                if self.holdsAnswer(bytes), self.loses() { self.close() } else { self.client.write(bytes) }
            }
            client.onEnd = { _ in self.close() }
            server.onEnd = { _ in self.close() }
            client.startReading()
            server.startReading()
        }

        private func noteRequests(in bytes: RawSpan) {
            _ = requests.decode(bytes, framesMax: .max) { _, header, data in
                guard header.frameType == .request else { return }
                let name = try? parser.parse(data) { request in
                    request.method.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                }
                if name == method { streamIDs.insert(header.streamID) }
            }
        }

        private func holdsAnswer(_ bytes: RawSpan) -> Bool {
            var isFound = false
            _ = answers.decode(bytes, framesMax: .max) { _, header, _ in
                if streamIDs.contains(header.streamID) { isFound = true }
            }
            return isFound
        }

        private func close() {
            for stream in [client, server] {
                stream.onRead = nil
                stream.onEnd = nil
                stream.close()
            }
        }
    }
}
