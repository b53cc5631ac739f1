import EventLoop
import Wire

/// The client's end of a connection, on its loop.
final class ClientConnection {
    private let stream: Stream
    private let loop: EventLoop
    private let options: ClientOptions
    private let parser: ResponseParser
    private let deadlines: DeadlineQueue<PendingCall>
    private var decoder: FrameDecoder
    private var pending: [UInt32: PendingCall] = [:]
    private var nextStreamID: UInt32
    private var outbound: [UInt8] = []
    /// Set at the end: what later calls are told.
    private var end: ClientError?

    /// - Parameter firstStreamID: odd; a test begins near the last one.
    init(_ stream: Stream, on loop: EventLoop, _ options: ClientOptions, firstStreamID: UInt32 = 1) {
        (self.stream, self.loop, self.options, nextStreamID) = (stream, loop, options, firstStreamID)
        parser = ResponseParser(envelopeBytesMax: options.messageBytesMax)
        deadlines = DeadlineQueue(on: loop)
        decoder = FrameDecoder(dataBytesMax: options.messageBytesMax)
    }

    func start() {
        stream.onRead = { [unowned self] in received($0) }
        stream.onEnd = { [self] _ in close(.connectionLost) }
        stream.startReading()
    }

    /// Ends all calls with `reason`; idempotent.
    func close(_ reason: ClientError, _ done: (() -> Void)? = nil) {
        defer { stream.close(done) }
        guard end == nil else { return }
        end = reason
        deadlines.cancel()
        let calls = pending.values
        pending = [:]
        for call in calls { call.finish(.failure(reason)) }
    }

    // MARK: Requests

    /// A request as it travels to the loop.
    struct Request: Sendable {
        var service: String
        var method: String
        var payload: [UInt8]
        var options: CallOptions
    }

    /// Sends a request; the answer ends `call`.
    func send(_ request: Request, for call: PendingCall) {
        if let end { return call.finish(.failure(end)) }
        guard nextStreamID <= Self.streamIDMax else { return call.finish(.failure(ClientError.streamIDsExhausted)) }
        let pairs = request.options.pairs
        let timeout = request.options.timeoutNanoseconds
        let byteCount = FrameEncoder.requestDataByteCount(
            service: request.service, method: request.method, payloadByteCount: request.payload.count,
            timeoutNanoseconds: timeout, metadata: pairs)
        guard byteCount <= options.messageBytesMax else {
            let fault = ClientError.requestTooLarge(byteCount: byteCount, max: options.messageBytesMax)
            return call.finish(.failure(fault))
        }
        call.streamID = nextStreamID
        nextStreamID += 2
        pending[call.streamID] = call
        if timeout > 0 {
            call.expiresAt = EventLoop.nanosecondsNow() &+ UInt64(timeout)
            deadlines.insert(call)
        }
        if outbound.isEmpty { flushSoon() }
        FrameEncoder.appendRequest(
            to: &outbound, streamID: call.streamID, flags: [], service: request.service, method: request.method,
            payload: request.payload.span.bytes, timeoutNanoseconds: timeout, metadata: pairs)
    }

    /// The last odd id below 2³¹ (DESIGN §2).
    static let streamIDMax: UInt32 = .max >> 1

    /// Has requests of one turn written together.
    private func flushSoon() {
        let bound = LoopBound(self, on: loop)
        loop.execute { bound.value.flush() }
    }

    private func flush() {
        var bytes: [UInt8] = []
        swap(&bytes, &outbound)
        stream.write(bytes.span.bytes)
        bytes.removeAll(keepingCapacity: bytes.capacity <= 64 << 10)
        if outbound.isEmpty { swap(&bytes, &outbound) }
    }

    /// The call does not wait any more.
    func forget(_ call: PendingCall) {
        pending[call.streamID] = nil
        deadlines.remove(call)
    }

    // MARK: Answers

    private func received(_ bytes: RawSpan) {
        _ = decoder.decode(bytes, framesMax: .max) { event, header, data in
            // Answers of calls that nobody waits for, and kinds of frames that we did not ask for, are passed over.
            guard header.frameType == .response, let call = pending[header.streamID] else { return }
            forget(call)
            switch event {
            case .frame: call.finish(read(data))
            case .oversize:
                let max = options.messageBytesMax
                call.finish(.failure(CallFault.answerTooLarge(byteCount: Int(header.dataByteCount), max: max).status))
            }
        }
    }

    private func read(_ data: RawSpan) -> Result<[UInt8], any Error> {
        do throws(EnvelopeError) {
            return try parser.parse(data) { response in
                if response.statusBytes.isEmpty { return .success([UInt8](copying: response.payload)) }
                return Self.outcome(response.statusBytes, response.payload)
            }
        } catch {
            return .failure(ClientError.malformedAnswer("\(error)"))
        }
    }

    private static func outcome(_ status: RawSpan, _ payload: RawSpan) -> Result<[UInt8], any Error> {
        switch Status.decode(status) {
        case .ok: .success([UInt8](copying: payload))
        case .failed(let status): .failure(status)
        case .malformed: .failure(ClientError.malformedAnswer("status"))
        }
    }
}

@available(*, unavailable) extension ClientConnection: Sendable {}
