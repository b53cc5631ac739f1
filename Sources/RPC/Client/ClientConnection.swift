import EventLoop
import Wire

/// The client's end of a connection, on its loop.
final class ClientConnection: CallOwner {
    private let stream: any Transport
    private let loop: EventLoop
    private let options: ClientOptions
    private let parser: ResponseParser
    private let deadlines: DeadlineQueue<PendingCall>
    private var decoder: FrameDecoder
    private var pending: [UInt32: PendingCall] = [:]
    private var nextStreamID: UInt32
    /// The first request of which no byte was handed to the socket yet.
    private var firstUnsentID: UInt32
    private var outbound: [UInt8] = []
    /// The stream for whose reader the connection is not read, and what ends that.
    private var stalled: (call: PendingCall, timer: Timer)?
    /// Those that have sent a message and wait for room.
    private var waitingForRoom: [(call: PendingCall, CheckedContinuation<Void, any Error>)] = []
    /// Set at the end: what later calls are told.
    private(set) var end: ClientError?
    /// Whether the server has said anything.
    private(set) var hasHeard = false
    private var closesWhenIdle = false
    /// All calls have ended, and no more are taken.
    var onEnd: (() -> Void)?
    /// There may be room for more calls.
    var onRoom: (() -> Void)?

    /// - Parameter firstStreamID: odd; a test begins near the last one.
    init(_ stream: any Transport, on loop: EventLoop, _ options: ClientOptions, firstStreamID: UInt32 = 1) {
        (self.stream, self.loop, self.options) = (stream, loop, options)
        (nextStreamID, firstUnsentID) = (firstStreamID, firstStreamID)
        parser = ResponseParser(envelopeBytesMax: options.messageBytesMax)
        deadlines = DeadlineQueue(on: loop)
        decoder = FrameDecoder(dataBytesMax: options.messageBytesMax)
    }

    func start() {
        stream.onRead = { [unowned self] in received($0) }
        stream.onEnd = { [self] how in
            if case .failed(let error) = how, error.isStopped { close(.closed) } else { close(.connectionLost) }
        }
        stream.onDrain = { [unowned self] in
            wakeSenders()
            onRoom?()
        }
        stream.startReading()
    }

    /// Ends all calls with `reason`; idempotent.
    func close(_ reason: ClientError, _ done: (() -> Void)? = nil) {
        defer { stream.close(done) }
        guard end == nil else { return }
        end = reason
        deadlines.cancel()
        stalled.take()?.timer.cancel()
        let calls = pending
        pending = [:]
        for (streamID, call) in calls {
            let isUnsent = reason == .connectionLost && streamID >= firstUnsentID && call.stream == nil
            call.finish(.failure(isUnsent ? UnsentCall(reason: reason) : reason))
            releaseSenders(of: call)
        }
        onRoom = nil
        onEnd.take()?()
    }

    /// Closes once its calls have ended; who says so gives it no more.
    func closeWhenIdle() {
        closesWhenIdle = true
        closeIfIdle()
    }

    private func closeIfIdle() {
        guard closesWhenIdle, pending.isEmpty, end == nil else { return }
        // Not inside the callback of the stream that is closed.
        let bound = LoopBound(self, on: loop)
        loop.execute { bound.value.close(.closed) }
    }

    // MARK: Requests

    /// Whether there are no stream ids for another call; one for the Cancel of each open call is held back.
    var isExhausted: Bool {
        nextStreamID > Self.streamIDMax || Int(Self.streamIDMax - nextStreamID) / 2 <= pending.count
    }

    /// Whether the server takes what is sent, fast enough for more calls.
    var hasRoom: Bool { stream.unsentByteCount + outbound.count <= options.unsentBytesMax }

    /// Sends a request; the answer ends `call`.
    func send(_ request: OutgoingRequest, for call: PendingCall) {
        if let end { return call.finish(.failure(end)) }
        guard !isExhausted else { return call.finish(.failure(ClientError.streamIDsExhausted)) }
        let pairs = request.options.pairs
        let timeout = timeLeft(of: request)
        let byteCount = FrameEncoder.requestDataByteCount(
            service: request.service, method: request.method, payloadByteCount: request.payload.count,
            timeoutNanoseconds: timeout, metadata: pairs)
        guard byteCount <= options.messageBytesMax else {
            let fault = ClientError.requestTooLarge(byteCount: byteCount, max: options.messageBytesMax)
            call.finish(.failure(fault))
            return closeIfIdle()
        }
        call.streamID = nextStreamID
        call.owner = self
        nextStreamID += 2
        pending[call.streamID] = call
        if timeout > 0 {
            call.expiresAt = request.expiresAt
            deadlines.insert(call)
        }
        if outbound.isEmpty { flushSoon() }
        FrameEncoder.appendRequest(
            to: &outbound, streamID: call.streamID, flags: request.kind.requestFlags, service: request.service,
            method: request.method,
            payload: request.payload.span.bytes, timeoutNanoseconds: timeout, metadata: pairs)
        call.opened(on: LoopBound(self, on: loop))
    }

    /// The time-out as it is sent, in nanoseconds; 0 for none, so at least 1.
    private func timeLeft(of request: OutgoingRequest) -> Int64 {
        guard request.expiresAt > 0 else { return 0 }
        let now = EventLoop.nanosecondsNow()
        return request.expiresAt > now ? Int64(clamping: request.expiresAt - now) : 1
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
        firstUnsentID = nextStreamID
        stream.write(bytes.span.bytes)
        wakeSenders()
        bytes.removeAll(keepingCapacity: bytes.capacity <= 64 << 10)
        if outbound.isEmpty { swap(&bytes, &outbound) }
    }

    /// The call does not wait any more.
    func forget(_ call: PendingCall) {
        pending[call.streamID] = nil
        deadlines.remove(call)
        endStall(of: call)
        releaseSenders(of: call)
        closeIfIdle()
    }

    func overdue(_ call: PendingCall) -> any Error { CallFault.deadlineExceeded.status }

    /// The caller does not want the call any more: the server is told, so that it works for nobody.
    func giveUp(_ call: PendingCall) {
        guard pending[call.streamID] === call else { return }
        forget(call)
        guard end == nil, nextStreamID <= Self.streamIDMax else { return }
        if outbound.isEmpty { flushSoon() }
        // Nobody waits for its answer; a server of another make refuses it, which is no harm.
        FrameEncoder.appendRequest(
            to: &outbound, streamID: nextStreamID, flags: [], service: CancelCall.service, method: CancelCall.method,
            payload: CancelCall.payload(streamID: call.streamID).span.bytes, timeoutNanoseconds: 0, metadata: [])
        nextStreamID += 2
    }

    // MARK: Answers

    private func received(_ bytes: RawSpan) {
        hasHeard = true
        _ = decoder.decode(bytes, framesMax: .max) { event, header, data in
            // Answers of calls that nobody waits for, and kinds of frames that we did not ask for, are passed over.
            guard let call = pending[header.streamID] else { return }
            if header.frameType == .data { return received(event, header, data, for: call) }
            guard header.frameType == .response else { return }
            forget(call)
            switch event {
            case .frame: call.finish(read(data))
            case .oversize:
                let max = options.messageBytesMax
                call.finish(.failure(CallFault.answerTooLarge(byteCount: Int(header.dataByteCount), max: max).status))
            }
        }
    }

    /// A Data frame of the server.
    private func received(_ event: FrameDecoder.Event, _ header: FrameHeader, _ data: RawSpan, for call: PendingCall) {
        guard event == .frame else {
            giveUp(call)
            let fault = CallFault.answerTooLarge(byteCount: Int(header.dataByteCount), max: options.messageBytesMax)
            return call.finish(.failure(fault.status))
        }
        guard let stream = call.stream else {
            giveUp(call)
            return call.finish(.failure(ClientError.malformedAnswer("data on a unary call")))
        }
        switch stream.state.apply(.data(.server, StreamState.Content(header.frameFlags))) {
        case .pass(let hasMessage, let ends):
            if hasMessage { stream.receive([UInt8](copying: data)) }
            if ends {
                forget(call)
                stream.finish(.success(nil))
            } else if stream.inbound.isFull {
                stall(call)
            }
        case .ignore, .answer, .drop, .violation: break
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

// MARK: Streams

extension ClientConnection {
    /// Sends a message of a stream, or with nil its end; `sent` is resumed when there is room for the next.
    func send(_ message: [UInt8]?, on call: PendingCall, _ sent: CheckedContinuation<Void, any Error>) {
        guard let clientStream = call.stream, pending[call.streamID] === call else {
            return sent.resume(throwing: StreamOver())
        }
        let byteCount = message?.count ?? 0
        guard byteCount <= options.messageBytesMax else {
            let fault = ClientError.requestTooLarge(byteCount: byteCount, max: options.messageBytesMax)
            return sent.resume(throwing: fault)
        }
        // A stream that the caller itself has closed takes nothing more.
        guard clientStream.state == .open else { return sent.resume(throwing: StreamOver()) }
        _ = clientStream.state.apply(.data(.client, message == nil ? .close : .message))
        if outbound.isEmpty { flushSoon() }
        let payload = message ?? []
        FrameEncoder.appendData(
            to: &outbound, streamID: call.streamID, flags: message == nil ? [.remoteClosed, .noData] : [],
            payload: payload.span.bytes)
        if hasRoomForMessages { sent.resume() } else { waitingForRoom.append((call, sent)) }
    }

    private var hasRoomForMessages: Bool { stream.unsentByteCount + outbound.count <= options.streamUnsentBytesMax }

    private func wakeSenders() {
        guard !waitingForRoom.isEmpty, hasRoomForMessages else { return }
        let ready = waitingForRoom
        waitingForRoom = []
        for (_, sent) in ready { sent.resume() }
    }

    /// The call is over: who waits to send on it need not.
    private func releaseSenders(of call: PendingCall) {
        guard !waitingForRoom.isEmpty else { return }
        let released = waitingForRoom.filter { $0.call === call }
        waitingForRoom.removeAll { $0.call === call }
        for (_, sent) in released { sent.resume(throwing: StreamOver()) }
    }

    /// Stops reading until the caller has taken some messages, for so long as other calls can bear.
    private func stall(_ call: PendingCall) {
        guard stalled == nil else { return }
        stream.stopReading()
        let timeout = options.streamStallTimeout
        let timer = loop.schedule(after: timeout) { [unowned self] in
            giveUp(call)
            call.finish(.failure(StreamFault.stalled(after: timeout, retryDelay: .zero).status))
        }
        stalled = (call, timer)
    }

    /// The caller has taken some, or the call is over.
    func endStall(of call: PendingCall) {
        guard let (waiting, timer) = stalled, waiting === call else { return }
        timer.cancel()
        stalled = nil
        if end == nil { stream.startReading() }
    }
}

@available(*, unavailable) extension ClientConnection: Sendable {}
