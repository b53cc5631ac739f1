public import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// TLS over a connection: its owner reads and writes in clear, the wire is encrypted.
///
/// What is written before the handshake is done is held and counts as unsent. Like the stream below it, it keeps itself
/// and its callbacks alive until it is closed.
public final class TLSTransport: Transport {
    private enum State {
        /// Until `timer` fires; `held` was written meanwhile.
        case handshaking(timer: Timer, held: [UInt8])
        case open
        /// Nothing goes in or out any more; the owner has been told.
        case failed
        case closed
    }

    public var onRead: ((RawSpan) -> Void)?
    public var onEnd: ((StreamEnd) -> Void)?
    public var onDrain: (() -> Void)?
    public let loop: EventLoop
    public var peer: PeerCredentials? { stream.peer }
    public var peerNetwork: String? { stream.peerNetwork }
    public private(set) var certificate: PeerCertificate?

    /// The input is decrypted in pieces of about one record, so that what waits for its decryption stays small.
    private static let sliceByteCount = 16 << 10
    /// Bytes of one write that leave by one system call; more would double the memory of a large write.
    private static let gatheredBytesMax = 256 << 10
    /// Answers of TLS itself, to key updates say, that the peer may leave unread before it is taken for an enemy.
    private static let ownBytesMax = 64 << 10

    private let stream: Stream
    private let engine: Engine
    private let scratch: Scratch
    private let report: @Sendable (TLSEvent) -> Void
    private var state = State.closed
    private var isReading = false
    private var isPumpQueued = false
    /// Why nothing more comes in; told once all before it was.
    private var end: StreamEnd?
    /// The peer has said so itself.
    private var isInputOver = false
    private var hasToldEnd = false
    /// Answers of TLS itself since nothing was unsent.
    private var ownByteCount = 0

    init(
        on stream: Stream, _ engine: Engine, _ scratch: Scratch, handshakeTimeout: Duration,
        report: @escaping @Sendable (TLSEvent) -> Void
    ) {
        (self.stream, self.engine, self.scratch, self.report) = (stream, engine, scratch, report)
        loop = stream.loop
        let timer = loop.schedule(after: handshakeTimeout) { [weak self] in self?.fail(.timeout) }
        state = .handshaking(timer: timer, held: [])
        stream.onRead = { [self] bytes in received(bytes) }
        stream.onEnd = { [self] end in streamEnded(end) }
        stream.onDrain = { [self] in drained() }
        stream.startReading()
        // A client speaks first. A failure is not told inside the owner's call.
        pumpSoon()
    }

    // MARK: The owner's side

    public func startReading() {
        loop.preconditionCurrent()
        guard !isReading else { return }
        switch state {
        case .handshaking: isReading = true
        case .open:
            isReading = true
            stream.startReading()
            if engine.hasInput || end != nil { pumpSoon() }
        case .failed, .closed: break
        }
    }

    public func stopReading() {
        loop.preconditionCurrent()
        isReading = false
        // The handshake goes on without the owner.
        if case .open = state { stream.stopReading() }
    }

    public var unsentByteCount: Int {
        guard case .handshaking(_, let held) = state else { return stream.unsentByteCount }
        return stream.unsentByteCount + held.count
    }

    public func write(_ bytes: RawSpan) {
        loop.preconditionCurrent()
        switch state {
        case .handshaking(let timer, var held):
            // Taken out, or it would be copied to grow.
            state = .closed
            unsafe bytes.withUnsafeBytes { unsafe held.append(contentsOf: $0) }
            state = .handshaking(timer: timer, held: held)
        case .open: encrypt(bytes)
        case .failed, .closed: break
        }
    }

    public func close(_ done: (() -> Void)? = nil) {
        loop.preconditionCurrent()
        switch state {
        case .closed: return stream.close(done)
        case .handshaking(let timer, _): timer.cancel()
        case .open:
            engine.shutdown()
            flush()
        case .failed: break
        }
        state = .closed
        isReading = false
        stream.close { [self] in
            (onRead, onEnd, onDrain) = (nil, nil, nil)
            done?()
        }
    }

    // MARK: Out

    private func encrypt(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            let end = min(offset + Self.gatheredBytesMax, bytes.byteCount)
            if let failure = engine.write(bytes.extracting(offset..<end)) { return failSoon(failure) }
            flush()
            offset = end
        }
    }

    private func flush() { engine.takeOutput { stream.write($0) } }

    /// Sends what TLS itself has to say.
    private func flushOwn() {
        engine.takeOutput { bytes in
            ownByteCount += bytes.byteCount
            stream.write(bytes)
        }
        if stream.unsentByteCount == 0 { ownByteCount = 0 }
    }

    private func drained() {
        ownByteCount = 0
        // Those of a handshake are not the owner's.
        if case .open = state { onDrain?() }
    }

    // MARK: In

    private func received(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            let end = min(offset + Self.sliceByteCount, bytes.byteCount)
            engine.feed(bytes.extracting(offset..<end))
            decrypt()
            offset = end
        }
        settle()
    }

    private func pumpSoon() {
        guard !isPumpQueued else { return }
        isPumpQueued = true
        let bound = LoopBound(self, on: loop)
        loop.execute {
            bound.value.isPumpQueued = false
            bound.value.decrypt()
            bound.value.settle()
        }
    }

    /// Goes as far as the input goes, or until the owner does not want to read.
    private func decrypt() {
        if case .handshaking = state { shakeHands() }
        while case .open = state, isReading, !isInputOver {
            switch engine.read(into: scratch) {
            case .bytes: if scratch.isFull { deliver() }
            case .wantsMore: return
            case .closed: (isInputOver, end) = (true, .eof)
            case .failed(let failure):
                deliver()
                return fail(failure)
            }
        }
    }

    /// After each `decrypt`, before the loop turns to another connection.
    private func settle() {
        deliver()
        engine.trimInput()
        switch state {
        case .handshaking, .open: flushOwn()
        case .failed, .closed: return
        }
        if ownByteCount > Self.ownBytesMax { return fail(.protocolFault("the peer leaves the answers of TLS unread")) }
        if case .open = state, isReading, let end, isInputOver || !engine.hasInput { tell(end) }
    }

    private func deliver() {
        scratch.take { bytes in
            if case .open = state { onRead?(bytes) }
        }
    }

    private func shakeHands() {
        let step = engine.handshake()
        // Also the alert that says what is wrong.
        flushOwn()
        switch step {
        case .wantsMore: break
        case .failed(let failure): fail(failure)
        case .done: established()
        }
    }

    private func established() {
        guard case .handshaking(let timer, let held) = state else { return }
        timer.cancel()
        state = .open
        certificate = engine.peerCertificate
        report(.established)
        if !isReading { stream.stopReading() }
        guard !held.isEmpty else { return }
        unsafe encrypt(held.span.bytes)
        if stream.unsentByteCount == 0 { onDrain?() }
    }

    // MARK: The end

    private func streamEnded(_ end: StreamEnd) {
        switch (state, end) {
        case (.handshaking, .eof): fail(.protocolFault("the peer closed the connection in the handshake"))
        case (.handshaking, .failed), (.open, .failed): broken(end)
        case (.open, .eof):
            self.end = self.end ?? end
            if isReading { settle() }
        case (.failed, _), (.closed, _): break
        }
    }

    private func fail(_ failure: TLSFailure) {
        switch state {
        case .handshaking: report(.refused(failure))
        case .open: report(.broken(failure))
        case .failed, .closed: return
        }
        flush()
        let code = failure == .timeout ? ETIMEDOUT : EPROTO
        broken(.failed(EventLoopError(operation: "secure", code: code, detail: "a connection (\(failure))")))
    }

    /// The wire is of no use any more.
    private func broken(_ end: StreamEnd) {
        if case .handshaking(let timer, _) = state { timer.cancel() }
        state = .failed
        stream.stopReading()
        tell(end)
        // No callback comes any more, and when the loop stops nobody may call `close`.
        (onRead, onEnd, onDrain) = (nil, nil, nil)
    }

    private func failSoon(_ failure: TLSFailure) {
        let bound = LoopBound(self, on: loop)
        loop.execute { bound.value.fail(failure) }
    }

    private func tell(_ end: StreamEnd) {
        guard !hasToldEnd else { return }
        hasToldEnd = true
        onEnd?(end)
    }
}

@available(*, unavailable) extension TLSTransport: Sendable {}
