import EventLoop
import Metrics
import Wire

/// Data frames, and what holds back whom (DESIGN §2).
extension ServerConnection {
    /// A Data frame came in.
    func received(_ event: FrameDecoder.Event, _ header: FrameHeader, dataOf streamID: UInt32, _ data: RawSpan) {
        guard let call = calls[streamID] else { return refuse(streamID, .streamNotOpen(streamID)) }
        guard event == .frame else {
            let max = core.limits.messageBytesMax
            core.metrics.messagesTooLarge.add()
            return call.stop(ProtocolFault.frameTooLarge(byteCount: header.dataByteCount, max: max))
        }
        guard let stream = call.stream else { return call.stop(ProtocolFault.streamHalfClosed(streamID)) }
        switch stream.state.apply(.data(.client, StreamState.Content(header.frameFlags))) {
        case .pass(let hasMessage, let ends):
            if hasMessage { hold(data, for: stream) }
            if ends { stream.inbound.isEnded = true }
            stream.arrival.wake()
            boundHeld(by: call)
        case .violation: call.stop(ProtocolFault.streamHalfClosed(streamID))
        case .ignore, .answer, .drop: break
        }
    }

    /// Ends the call of a stream as CANCELLED; without effect when there is none, since it may just have ended.
    public func cancel(streamID: UInt32) {
        guard let call = calls[streamID] else { return }
        core.metrics.callsCancelled.add()
        call.stop(CallFault.cancelled)
    }

    // MARK: A handler that does not take its messages

    /// Keeps a message until the handler takes it.
    func hold(_ message: RawSpan, for stream: ServerStream) {
        let before = stream.inbound.heldByteCount
        stream.inbound.append([UInt8](copying: message))
        heldByteCount += stream.inbound.heldByteCount - before
    }

    /// The oldest message of a stream.
    func take(from stream: ServerStream) -> [UInt8]? {
        let before = stream.inbound.heldByteCount
        let message = stream.inbound.take()
        heldByteCount += stream.inbound.heldByteCount - before
        relieve()
        return message
    }

    /// The call of a stream is over: what is held for it is dropped.
    func drop(_ stream: ServerStream) {
        heldByteCount -= stream.inbound.heldByteCount
        stream.end()
    }

    private var isHoldingTooMuch: Bool { heldByteCount > core.limits.streamBufferConnectionBytesMax }

    /// Stops reading when `call`, or all streams of the connection, hold too much.
    func boundHeld(by call: ServerCall) {
        guard !isClosed else { return }
        if call.stream?.inbound.isFull == true { return stall(call) }
        if isHoldingTooMuch { stallFullest() }
    }

    /// All streams together hold too much: the handler that is furthest behind is waited for.
    private func stallFullest() {
        let held = calls.values.max { $0.heldByteCount < $1.heldByteCount }
        if let held, held.heldByteCount > 0 { stall(held) }
    }

    /// Stops reading until the handler has taken some, for so long as others on the connection can bear.
    private func stall(_ call: ServerCall) {
        guard stalled == nil else { return }
        core.metrics.streamStalls.add()
        stream.stopReading()
        let timeout = core.limits.streamStallTimeout
        let timer = loop.schedule(after: timeout) { [core] in
            core.metrics.streamsCut.add()
            call.stop(StreamFault.stalled(after: timeout, retryDelay: core.limits.retryDelay))
        }
        stalled = (call, timer)
    }

    /// A handler has taken a message, or a call is over: reading goes on if that was what it paused for.
    func relieve() {
        guard let (call, timer) = stalled else { return }
        let isFull = call.stream?.inbound.isFull ?? false
        guard call.isFinished || !(isFull || isHoldingTooMuch) else { return }
        timer.cancel()
        stalled = nil
        if isHoldingTooMuch { stallFullest() }
        if stalled == nil { queueTurn() }
    }

    // MARK: A client that does not take its messages

    /// Whether a stream's handler must wait before it sends more.
    var mustWaitToSend: Bool {
        guard sentSinceFlush < core.limits.framesPerTurnMax else { return true }
        return stream.unsentByteCount + outbound.count > core.limits.streamUnsentBytesMax
    }

    /// As `mustWaitToSend`, for a handler that then waits: if it is for the peer, the peer's time begins to run.
    func beginsToWait() -> Bool {
        guard mustWaitToSend else { return false }
        if stream.unsentByteCount > core.limits.streamUnsentBytesMax {
            core.metrics.sendWaits.add()
            limitUnsent()
        }
        return true
    }

    /// Where handlers wait for room.
    func roomSignal() -> Signal {
        let signal = room ?? Signal()
        room = signal
        return signal
    }

    /// Answers were handed to the socket: handlers that wait go on in the next turn, if there is room.
    func wakeSenders() {
        guard let room, !room.isEmpty else { return }
        guard !mustWaitToSend else {
            guard stream.unsentByteCount > 0 else { return }
            core.metrics.sendWaits.add()
            return limitUnsent()
        }
        let bound = LoopBound(room, on: loop)
        loop.executeNextTurn { bound.value.wake() }
    }
}
