import EventLoop
import GoogleRPC
public import RPC
import SwiftProtobuf
import Wire

/// A client that sends any bytes, and hands out the answers that come back as they are.
public final class RawPeer: Sendable {
    /// What came on a stream; the end of the connection is no answer.
    public struct Answer: Equatable, Sendable {
        public var streamID: UInt32
        public var payload: [UInt8]
        /// The encoded google.rpc.Status; empty for OK.
        public var status: [UInt8]

        public var code: StatusCode {
            get throws {
                guard !status.isEmpty else { return .ok }
                return StatusCode(rawValue: try GoogleRPC_Status(serializedBytes: status).code) ?? .unknown
            }
        }
    }

    private let state: LoopBound<State>

    /// What lives on the loop.
    private final class State {
        var stream: Stream?
        var decoder = FrameDecoder()
        let parser = ResponseParser()
        var answers: [Answer?] = []
        var waiting: [(number: Int, continuation: CheckedContinuation<Answer?, Never>)] = []
        var asked = 0

        func deliver(_ answer: Answer?) {
            if waiting.isEmpty {
                answers.append(answer)
            } else {
                waiting.removeFirst().continuation.resume(returning: answer)
            }
        }

        /// Waits for an answer, nil after the limit.
        func ask(_ continuation: CheckedContinuation<Answer?, Never>, on loop: EventLoop) {
            guard answers.isEmpty else { return continuation.resume(returning: answers.removeFirst()) }
            asked += 1
            let number = asked
            waiting.append((number, continuation))
            loop.schedule(after: Patience.limit) {
                guard let index = self.waiting.firstIndex(where: { $0.number == number }) else { return }
                self.waiting.remove(at: index).continuation.resume(returning: nil)
            }
        }

        func received(_ bytes: RawSpan) {
            var found: [Answer] = []
            _ = decoder.decode(bytes, framesMax: .max) { _, header, data in
                let answer = try? parser.parse(data) { response in
                    Answer(
                        streamID: header.streamID, payload: response.payload.withUnsafeBytes { Array($0) },
                        status: response.statusBytes.withUnsafeBytes { Array($0) })
                }
                if let answer { found.append(answer) }
            }
            for answer in found { deliver(answer) }
        }
    }

    public init(to socketPath: String) async throws {
        let loop = Patience.loop
        let state = LoopBound(handing: State(), to: loop)
        self.state = state
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            loop.execute {
                Stream.connect(to: .unix(path: socketPath), on: loop) { result in
                    done.resume(with: result.map { Self.begin($0, state.value) }.mapError { $0 as any Error })
                }
            }
        }
    }

    private static func begin(_ stream: Stream, _ state: State) {
        state.stream = stream
        stream.onRead = { state.received($0) }
        stream.onEnd = { _ in
            state.deliver(nil)
            stream.close()
        }
        stream.startReading()
    }

    public func send(_ bytes: [UInt8]) {
        state.loop.execute { [state] in state.value.stream?.write(bytes.span.bytes) }
    }

    public func close() { state.loop.execute { [state] in state.value.stream?.close() } }

    /// The next answer; nil once the daemon has closed the connection, or when none comes.
    public func next() async -> Answer? {
        await withCheckedContinuation { continuation in
            state.loop.execute { [state] in state.value.ask(continuation, on: state.loop) }
        }
    }
}

/// Bytes of frames for `RawPeer.send`.
public enum Frames {
    public static func request(
        _ streamID: UInt32, _ path: String, payload: [UInt8] = [], metadata: [(String, String)] = []
    ) -> [UInt8] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var bytes: [UInt8] = []
        FrameEncoder.appendRequest(
            to: &bytes, streamID: streamID, flags: [], service: parts[0], method: parts[1],
            payload: payload.span.bytes, timeoutNanoseconds: 0, metadata: metadata)
        return bytes
    }

    /// A frame of any type with any data, or that claims to have some.
    public static func raw(
        _ streamID: UInt32, type: UInt8, flags: UInt8 = 0, data: [UInt8] = [], claims byteCount: UInt32? = nil
    ) -> [UInt8] {
        let head = [byteCount ?? UInt32(data.count), streamID].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        }
        return head + [type, flags] + data
    }
}
