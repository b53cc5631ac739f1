import EventLoop
import GoogleRPC
import SwiftProtobuf
import TestSupport
import Threading
import Wire

@testable import RPC

/// A server that answers with any bytes, and hands out its connections and the frames that come.
final class RawServer: Sendable {
    let address: SocketAddress
    let clientLoop: EventLoop
    private let loop: EventLoop
    private let folder: TemporaryFolder
    private let connections = Mailbox<Connection>()
    private let listener = Lock<Listener?>(nil)

    private init(_ loops: Int) throws {
        folder = try TemporaryFolder()
        address = .unix(path: folder.file("socket"))
        clientLoop = try EventLoop.start(.init(name: "client"))
        loop = loops == 1 ? clientLoop : try EventLoop.start(.init(name: "raw server"))
    }

    /// - Parameters:
    ///   - loops: with 1 it lives on its client's loop.
    ///   - listens: from the start, or when `listen` is called.
    static func run(
        loops: Int, listens: Bool = true, _ body: (RawServer) async throws -> Void
    ) async throws {
        let server = try RawServer(loops)
        if listens { try server.listen() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        for loop in [server.loop, server.clientLoop] { loop.stop() }
        try result.get()
    }

    func listen() throws {
        let listener = Listener(try Listener.bind(address), on: loop) { [loop, connections] socket in
            socket.hand(to: loop) { socket in
                guard let stream = try? Stream.adopt(socket, on: loop) else { return }
                connections.put(Connection(stream, on: loop))
            }
        }
        self.listener.withLock { $0 = listener }
    }

    /// New connections find nobody.
    func stopListening() { listener.withLock { $0.take() }?.close() }

    /// The next connection that comes.
    func accept() async -> Connection { await connections.next() }

    /// A client that has not connected yet.
    func client(_ change: (inout ClientOptions) -> Void = { _ in }) -> Client {
        Client(to: address, on: clientLoop, options: Self.options(change))
    }

    /// Impatient ones.
    static func options(_ change: (inout ClientOptions) -> Void = { _ in }) -> ClientOptions {
        var options = ClientOptions()
        options.backoff = Backoff(initial: .milliseconds(1), factor: 2, cap: .milliseconds(8))
        change(&options)
        return options
    }

    struct Frame: Sendable {
        var streamID: UInt32
        var type: FrameType?
        var flags: FrameFlags
        /// Of a Request.
        var method = ""
        var timeout: Int64 = 0
        var idempotencyKey: String?
        /// The message of a Request or a Data frame.
        var payload: [UInt8]
    }

    /// The server's end of one connection.
    final class Connection: Sendable {
        private let loop: EventLoop
        private let stream: LoopBound<RPCStream>
        private let frames = Mailbox<Frame?>()

        /// What lives on the loop.
        private final class Reader {
            var decoder = FrameDecoder()
            let parser = RequestParser()

            func read(_ bytes: RawSpan, _ found: (Frame) -> Void) {
                _ = decoder.decode(bytes, framesMax: .max) { _, header, data in
                    var frame = Frame(
                        streamID: header.streamID, type: header.frameType, flags: header.frameFlags,
                        payload: [UInt8](copying: data))
                    if header.frameType == .request {
                        try? parser.parse(data) { request in
                            frame.method = String(decoding: [UInt8](copying: request.method), as: UTF8.self)
                            frame.timeout = request.timeoutNanoseconds
                            for index in 0..<request.metadataCount {
                                let key = String(decoding: [UInt8](copying: request.metadataKey(index)), as: UTF8.self)
                                guard key == "idempotency-key" else { continue }
                                frame.idempotencyKey = String(
                                    decoding: [UInt8](copying: request.metadataValue(index)), as: UTF8.self)
                            }
                            frame.payload = [UInt8](copying: request.payload)
                        }
                    }
                    found(frame)
                }
            }
        }

        fileprivate init(_ stream: RPCStream, on loop: EventLoop) {
            (self.loop, self.stream) = (loop, LoopBound(stream, on: loop))
            let reader = Reader()
            stream.onRead = { [frames] bytes in reader.read(bytes) { frames.put($0) } }
            stream.onEnd = { [frames] _ in
                frames.put(nil)
                stream.close()
            }
            stream.startReading()
        }

        /// The next frame; nil once the client has closed the connection.
        func next() async -> Frame? { await frames.next() }

        /// The next frame that is a request of `method`.
        func request(_ method: String) async -> Frame? {
            while let frame = await next() {
                if frame.method == method { return frame }
            }
            return nil
        }

        func send(_ bytes: [UInt8]) { loop.execute { [stream] in stream.value.write(bytes.span.bytes) } }
        func answer(_ frame: Frame?, _ text: String) { send(Frames.response(frame?.streamID ?? 0, Note(text))) }
        func stopReading() { loop.execute { [stream] in stream.value.stopReading() } }
        func startReading() { loop.execute { [stream] in stream.value.startReading() } }
        func close() { loop.execute { [stream] in stream.value.close() } }
    }
}

extension Frames {
    static func response(_ streamID: UInt32, _ note: Note) -> [UInt8] {
        let payload: [UInt8] = (try? note.serializedBytes()) ?? []
        var bytes: [UInt8] = []
        FrameEncoder.appendResponse(to: &bytes, streamID: streamID, payload: payload.span.bytes)
        return bytes
    }

    /// A response without a message, as a server ends a stream of its own well.
    static func end(_ streamID: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameEncoder.appendResponse(to: &bytes, streamID: streamID, payload: RawSpan())
        return bytes
    }

    static func failure(_ streamID: UInt32, _ status: Status) -> [UInt8] {
        let status = status.encoded(language: .en, callID: nil)
        var bytes: [UInt8] = []
        FrameEncoder.appendFailure(to: &bytes, streamID: streamID, statusBytes: status.span.bytes)
        return bytes
    }

    static func data(_ streamID: UInt32, _ text: String, _ flags: FrameFlags = []) -> [UInt8] {
        raw(streamID, type: 3, flags: flags.rawValue, data: (try? Note(text).serializedBytes()) ?? [])
    }
}
