import EventLoop
import GoogleRPC
import SwiftProtobuf
import Threading
import Wire

@testable import RPC

/// A client that sends any bytes and hands out the frames that come back, in order.
final class RawPeer: Sendable {
    struct Answer: Equatable, Sendable {
        var streamID: UInt32
        /// OK for a response without a status.
        var code: StatusCode
        var reason: String
        var retryDelay: Duration?
        var payload: [UInt8]
        /// Of a Data frame, whose data is the payload; nil for a Response.
        var dataFlags: FrameFlags?
    }

    private let loop: EventLoop
    private let state: LoopBound<State>

    /// What lives on the loop.
    private final class State {
        var stream: RPCStream?
        var decoder = FrameDecoder()
        let parser = ResponseParser()
        var answers: [Answer?] = []
        var waiting: [CheckedContinuation<Answer?, Never>] = []

        var hasEnded = false

        func deliver(_ answer: Answer?) {
            if answer == nil { hasEnded = true }
            if waiting.isEmpty { answers.append(answer) } else { waiting.removeFirst().resume(returning: answer) }
        }

        func received(_ bytes: RawSpan) {
            var found: [Answer] = []
            _ = decoder.decode(bytes, framesMax: .max) { _, header, data in
                if let answer = read(header, data) { found.append(answer) }
            }
            for answer in found { deliver(answer) }
        }

        private func read(_ header: FrameHeader, _ data: RawSpan) -> Answer? {
            if header.frameType == .data {
                return Answer(
                    streamID: header.streamID, code: .ok, reason: "", payload: data.withUnsafeBytes { Array($0) },
                    dataFlags: header.frameFlags)
            }
            return try? parser.parse(data) { response in
                switch Status.decode(response.statusBytes) {
                case .ok, .malformed:
                    Answer(
                        streamID: header.streamID, code: .ok, reason: "",
                        payload: response.payload.withUnsafeBytes { Array($0) })
                case .failed(let status):
                    Answer(
                        streamID: header.streamID, code: status.code, reason: status.reason,
                        retryDelay: status.retryDelay, payload: response.payload.withUnsafeBytes { Array($0) })
                }
            }
        }
    }

    init(to test: TestServer) async throws {
        let loop = test.clientLoop
        self.loop = loop
        let state = LoopBound(handing: State(), to: loop)
        self.state = state
        let address = test.address
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            loop.execute {
                RPCStream.connect(to: address, on: loop) { result in
                    done.resume(with: result.map { Self.begin($0, state.value) }.mapError { $0 as any Error })
                }
            }
        }
    }

    private static func begin(_ stream: RPCStream, _ state: State) {
        state.stream = stream
        stream.onRead = { state.received($0) }
        stream.onEnd = { _ in
            state.deliver(nil)
            stream.close()
        }
        stream.startReading()
    }

    func send(_ bytes: [UInt8]) {
        loop.execute { [state] in state.value.stream?.write(bytes.span.bytes) }
    }

    func stopReading() { loop.execute { [state] in state.value.stream?.stopReading() } }
    func startReading() { loop.execute { [state] in state.value.stream?.startReading() } }
    func close() { loop.execute { [state] in state.value.stream?.close() } }

    /// The next answer; nil once the server has closed the connection.
    func next() async -> Answer? {
        await withCheckedContinuation { continuation in
            loop.execute { [state] in
                let state = state.value
                if state.answers.isEmpty {
                    if state.hasEnded {
                        continuation.resume(returning: nil)
                    } else {
                        state.waiting.append(continuation)
                    }
                } else {
                    continuation.resume(returning: state.answers.removeFirst())
                }
            }
        }
    }
}

typealias RPCStream = Stream

/// Bytes of frames for `RawPeer.send`.
enum Frames {
    static func request(
        _ streamID: UInt32, _ method: String = "Say", service: String = Echo.service, note: Note = Note("hello"),
        timeout: Int64 = 0, flags: FrameFlags = [], metadata: [(String, String)] = []
    ) -> [UInt8] {
        let payload: [UInt8] = (try? note.serializedBytes()) ?? []
        return request(
            streamID, method, service: service, payload: payload, timeout: timeout, flags: flags, metadata: metadata)
    }

    static func request(
        _ streamID: UInt32, _ method: String, service: String = Echo.service, payload: [UInt8], timeout: Int64 = 0,
        flags: FrameFlags = [], metadata: [(String, String)] = []
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameEncoder.appendRequest(
            to: &bytes, streamID: streamID, flags: flags, service: service, method: method,
            payload: payload.span.bytes, timeoutNanoseconds: timeout, metadata: metadata)
        return bytes
    }

    /// A frame of any type with any data.
    static func raw(
        _ streamID: UInt32, type: UInt8, flags: UInt8 = 0, data: [UInt8] = [], claims byteCount: UInt32? = nil
    ) -> [UInt8] {
        let count = byteCount ?? UInt32(data.count)
        let head = [count, streamID].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        }
        return head + [type, flags] + data
    }
}
