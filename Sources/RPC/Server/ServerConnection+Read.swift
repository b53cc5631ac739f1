import EventLoop
import Metrics
import Synchronization
import Wire

/// From bytes to calls: each read is a batch of at most `framesPerTurnMax` frames; what is more waits for its turn.
extension ServerConnection {
    /// Takes the bytes of one read.
    func received(_ bytes: RawSpan) {
        context.counts.bytesRead += Int64(bytes.byteCount)
        guard backlog.isEmpty, !isPaused else {
            // A turn is queued already, or the peer must take its answers first: at most two reads are kept.
            keep(bytes)
            stream.stopReading()
            return
        }
        let taken = handleBatch(bytes)
        if taken < bytes.byteCount { keep(bytes.extracting(taken...)) }
        goOn()
    }

    private func keep(_ bytes: RawSpan) {
        guard !isClosed else { return }
        bytes.withUnsafeBytes { backlog.append(contentsOf: $0) }
    }

    /// After a batch: the answers leave if it was the last of its read, else the rest gets its turn first. Other
    /// connections' turns come between, but no wait: all turns are over before the loop looks at its sockets again.
    private func goOn() {
        guard !backlog.isEmpty, !isPaused, !isClosed else { return flush() }
        queueTurn()
    }

    /// Has the frames that wait handled later in this turn.
    func queueTurn() {
        guard !isTurnQueued else { return }
        isTurnQueued = true
        let bound = LoopBound(self, on: loop)
        loop.execute {
            bound.value.isTurnQueued = false
            bound.value.takeTurn()
        }
    }

    /// Handles frames that wait from an earlier read; reads on when there are none left.
    func takeTurn() {
        guard !isClosed, !isPaused else { return }
        if !backlog.isEmpty {
            // Taken out meanwhile: a handler may close the connection, which drops the backlog.
            var bytes: [UInt8] = []
            swap(&bytes, &backlog)
            let start = backlogStart
            backlogStart = 0
            let taken = start + handleBatch(bytes.span.bytes.extracting(start...))
            if taken < bytes.count, !isClosed {
                backlogStart = taken
                swap(&bytes, &backlog)
            }
        }
        if backlog.isEmpty { stream.startReading() }
        goOn()
    }

    /// Handles frames as one batch; returns how many bytes they were.
    private func handleBatch(_ bytes: RawSpan) -> Int {
        var taken = 0
        let now = EventLoop.nanosecondsNow()
        lastActiveAt = now
        context.batch(of: self) { taken = handleFrames(bytes, now) }
        frameBeganAt = decoder.isWithinFrame ? (frameBeganAt == 0 ? now : frameBeganAt) : 0
        return taken
    }

    private func handleFrames(_ bytes: RawSpan, _ now: UInt64) -> Int {
        let framesMax = core.limits.framesPerTurnMax
        var frameCount = 0
        var offset = 0
        // One frame at a time, so that answers that nobody takes stop the batch.
        while offset < bytes.byteCount, frameCount < framesMax, !isPaused, !isClosed {
            offset += decoder.decode(bytes.extracting(offset...), framesMax: 1) { event, header, data in
                frameCount += 1
                handle(event, header, data, now)
            }
            if outbound.count > core.limits.gatheredBytesMax { flush() }
        }
        return offset
    }

    private func handle(_ event: FrameDecoder.Event, _ header: FrameHeader, _ data: RawSpan, _ now: UInt64) {
        switch state.received(event, header) {
        case .ignore: return
        case .refuse(let streamID, let fault): refuse(streamID, fault)
        case .open(let streamID, let stream): open(streamID, stream, data, now)
        case .data(let streamID): received(event, header, dataOf: streamID, data)
        }
    }

    private func open(_ streamID: UInt32, _ stream: StreamState, _ data: RawSpan, _ now: UInt64) {
        context.counts.requests += 1
        context.beginHandlers()
        if let payload = context.repeated.payload(in: data, of: id), let last = context.repeated.outcome {
            return begin(streamID, stream, last, data.extracting(payload), now)
        }
        do throws(EnvelopeError) {
            try context.parser.parse(data) { request in dispatch(streamID, stream, request, data, now) }
        } catch {
            refuse(streamID, .envelope(error))
        }
    }

    /// Finds the method.
    private func dispatch(
        _ streamID: UInt32, _ stream: StreamState, _ request: borrowing RequestView, _ data: RawSpan, _ now: UInt64
    ) {
        let metadata = CallMetadata(request, last: headers, nextID: &authorizationCount)
        switch core.names.lookup(service: request.service, method: request.method, last: lastMethodIndex) {
        case .method(let index):
            lastMethodIndex = index
            let found = RepeatedCall.Outcome(
                methodIndex: index, metadata, timeoutNanoseconds: request.timeoutNanoseconds)
            context.repeated.remember(data, of: id, found)
            begin(streamID, stream, found, request.payload, now)
        case .unknownService:
            headers = metadata.headers
            let service = request.service.printable()
            refuse(streamID, CallFault.unknownService(service).status, metadata)
        case .unknownMethod:
            headers = metadata.headers
            let (service, name) = (request.service.printable(), request.method.printable())
            refuse(streamID, CallFault.unknownMethod(service: service, name: name).status, metadata)
        }
    }

    /// Looks at what stands against the call; then the handler has it.
    private func begin(
        _ streamID: UInt32, _ stream: StreamState, _ found: RepeatedCall.Outcome, _ payload: RawSpan, _ now: UInt64
    ) {
        let metadata = found.metadata
        if headers !== metadata.headers { headers = metadata.headers }
        let index = found.methodIndex
        if let overload, core.methods[index].isUnderLimits {
            core.metrics.callsShed.add()
            return refuse(streamID, overload.status, metadata)
        }
        let kind = core.kinds[index]
        if let fault = kind.fault(opening: stream) { return refuse(streamID, fault.status, metadata) }
        guard let codec = metadata.codec else { return refuse(streamID, CallFault.contentType.status, metadata) }
        guard found.timeoutNanoseconds >= 0 else {
            return refuse(streamID, CallFault.deadlineExceeded.status, metadata)
        }
        let call = ServerCall(
            on: self, streamID, methodIndex: index, codec, metadata, beganAt: now,
            deadline: deadline(after: found.timeoutNanoseconds, from: now))
        if kind != .unary { call.becomeStream(stream, first: payload, kind) }
        core.handlers[index](call, payload)
        guard !call.isFinished else { return }
        keepOpen(call)
        // A client's stream may have brought its first message with it.
        if kind != .unary { boundHeld(by: call) }
    }

    /// When a call must end, by what its client asks for and what the configuration allows; 0: never.
    private func deadline(after timeout: Int64, from now: UInt64) -> UInt64 {
        let max = core.callTimeoutMax
        let timeout = timeout == 0 ? max : max == 0 ? UInt64(timeout) : min(UInt64(timeout), max)
        guard timeout > 0 else { return 0 }
        let (end, overflows) = now.addingReportingOverflow(timeout)
        return overflows ? .max : end
    }

    /// What stands against one more call.
    private var overload: Overload? {
        let cause: Overload.Cause
        if core.isDraining.load(ordering: .relaxed) {
            cause = .shutdown
        } else if calls.count >= core.limits.callsPerConnectionMax {
            cause = .callsOfConnection(max: core.limits.callsPerConnectionMax)
        } else if core.openCallCount.load(ordering: .relaxed) >= core.limits.callsMax {
            cause = .callsOfServer(max: core.limits.callsMax)
        } else {
            return nil
        }
        return Overload(cause: cause, retryDelay: core.limits.retryDelay)
    }

    private func refuse(_ streamID: UInt32, _ status: Status, _ metadata: CallMetadata) {
        refuse(streamID, status, callID: (metadata.trace ?? .random()).text, metadata.codec)
    }

    func refuse(_ streamID: UInt32, _ fault: ProtocolFault) {
        switch fault {
        case .frameTooLarge: core.metrics.messagesTooLarge.add()
        case .envelope(let error) where error.isLimit: core.metrics.envelopesTooLarge.add()
        default: break
        }
        refuse(streamID, fault.status, callID: nil)
    }

    private func refuse(_ streamID: UInt32, _ status: Status, callID: String?, _ codec: PayloadCodec? = nil) {
        context.counts.refusals += 1
        context.observer.callRefused(self, status)
        answer(streamID, status, headers.language, callID: callID, codec)
    }

    /// Appends an error; a caller that speaks JSON can read it there too.
    func answer(_ streamID: UInt32, _ status: Status, _ language: Language, callID: String?, _ codec: PayloadCodec?) {
        let bytes = status.encoded(language: language, callID: callID)
        let json = codec == .json ? status.json(language: language, callID: callID) : []
        answer {
            FrameEncoder.appendFailure(
                to: &$0, streamID: streamID, statusBytes: bytes.span.bytes, payload: json.span.bytes)
        }
    }
}

extension Duration {
    /// Whole nanoseconds; zero for a negative one, and as many as there are for what is longer than 584 years.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflows) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflows ? .max : whole &+ UInt64(attoseconds) / 1_000_000_000
    }
}
