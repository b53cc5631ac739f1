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
            if hasMessage { stream.inbound.append([UInt8](copying: data)) }
            if ends { stream.inbound.isEnded = true }
            stream.arrival.wake()
            if stream.inbound.isFull { stall(call) }
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

    /// The handler has taken some, or the call is over: reading goes on if it paused for this call.
    func endStall(of call: ServerCall) {
        guard let (waiting, timer) = stalled, waiting === call else { return }
        timer.cancel()
        stalled = nil
        queueTurn()
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
