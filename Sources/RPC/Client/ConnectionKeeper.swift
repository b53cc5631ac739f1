import EventLoop

/// Keeps a client connected while it has calls, on its loop: each call waits here until a connection takes it.
///
/// Nobody dials for nothing: after a loss the next attempt is made when a call waits, and not before the back-off is
/// over. A connection that has used its stream ids finishes its calls beside the next one.
final class ConnectionKeeper: CallOwner {
    private enum State {
        /// No connection, and no call that needs one.
        case idle
        case dialing(Dial)
        /// Calls wait, and so does the next attempt.
        case resting(Timer)
        case connected(ClientConnection)
        case closed(ClientError)
    }

    private struct Waiting {
        let call: PendingCall
        let request: OutgoingRequest
    }

    let target: ClientTarget
    private let isSingleUse: Bool
    private var state = State.idle
    private var waiting: [Waiting] = []
    private let deadlines: DeadlineQueue<PendingCall>
    private var firstStreamID: UInt32
    /// Attempts and connections in a row that failed before the server said a word.
    private var failureCount = 0
    /// When the back-off is over, by `EventLoop.nanosecondsNow`.
    private var restsUntil: UInt64 = 0
    private var lastFailure = ClientError.connectionLost
    /// Connections that take no new calls, and end with their last one.
    private var retired: [ObjectIdentifier: ClientConnection] = [:]
    /// Those of streams that have a connection of their own.
    private var bulk: [ObjectIdentifier: ConnectionKeeper] = [:]
    private var firstOutcome: ((ClientError?) -> Void)?
    private var onClosed: (() -> Void)?

    /// - Parameter isSingleUse: for one stream only; closed at its end.
    init(_ target: ClientTarget, isSingleUse: Bool = false) {
        (self.target, self.isSingleUse) = (target, isSingleUse)
        deadlines = DeadlineQueue(on: target.loop)
        firstStreamID = target.options.firstStreamID
    }

    // MARK: Calls

    /// Sends a request now or when there is a connection; the answer ends `call`.
    func send(_ request: OutgoingRequest, for call: PendingCall) {
        guard request.allows(EventLoop.nanosecondsNow()) else {
            return call.finish(.failure(CallFault.deadlineExceeded.status))
        }
        if request.isBulk, !isSingleUse { return sendAlone(request, for: call) }
        switch state {
        case .closed(let reason): call.finish(.failure(reason))
        case .connected(let connection):
            if connection.hasRoom && waiting.isEmpty && !connection.isExhausted {
                connection.send(request, for: call)
            } else {
                wait(call, request)
                carry()
            }
        case .idle:
            wait(call, request)
            dialWhenRested()
        case .dialing, .resting: wait(call, request)
        }
    }

    private func wait(_ call: PendingCall, _ request: OutgoingRequest) {
        guard waiting.count < target.options.waitingCallsMax else {
            return call.finish(.failure(ClientError.tooManyWaiting(max: target.options.waitingCallsMax)))
        }
        call.owner = self
        let patience = target.options.connectionWaitMax
        call.expiresAt = request.expiresAt > 0 ? request.expiresAt : EventLoop.instant(after: patience)
        deadlines.insert(call)
        waiting.append(Waiting(call: call, request: request))
    }

    /// Hands what waits to the connection, as much as it takes.
    private func carry() {
        guard case .connected(let connection) = state else { return }
        var taken = 0
        while taken < waiting.count, connection.hasRoom, !connection.isExhausted {
            let next = waiting[taken]
            taken += 1
            deadlines.remove(next.call)
            connection.send(next.request, for: next.call)
        }
        waiting.removeFirst(taken)
        if isSingleUse, taken > 0 { return retire(connection) }
        guard connection.isExhausted, !waiting.isEmpty else { return }
        guard target.options.reconnects else { return failWaiting(.streamIDsExhausted) }
        retire(connection)
        dial()
    }

    /// The caller does not wait any more.
    func giveUp(_ call: PendingCall) {
        deadlines.remove(call)
        waiting.removeAll { $0.call === call }
        if isSingleUse, waiting.isEmpty, retired.isEmpty { close(.closed) }
    }

    func overdue(_ call: PendingCall) -> any Error {
        let request = waiting.first { $0.call === call }?.request
        return request?.expiresAt == 0 ? lastFailure : CallFault.deadlineExceeded.status
    }

    private func failWaiting(_ reason: ClientError) {
        let failed = waiting
        waiting = []
        for entry in failed {
            deadlines.remove(entry.call)
            entry.call.finish(.failure(reason))
        }
    }

    /// Opens a stream on a connection of its own.
    private func sendAlone(_ request: OutgoingRequest, for call: PendingCall) {
        if case .closed(let reason) = state { return call.finish(.failure(reason)) }
        let keeper = ConnectionKeeper(target, isSingleUse: true)
        // Where the one does not come through, the other does not either.
        (keeper.failureCount, keeper.restsUntil) = (failureCount, restsUntil)
        let id = ObjectIdentifier(keeper)
        bulk[id] = keeper
        keeper.onClosed = { [weak self] in self?.bulk[id] = nil }
        keeper.send(request, for: call)
    }

    // MARK: Connections

    /// Connects now; `done` is told how the first attempt ended.
    func connect(_ done: @escaping (ClientError?) -> Void) {
        switch state {
        case .closed(let reason): done(reason)
        case .connected: done(nil)
        case .idle, .dialing, .resting:
            firstOutcome = done
            if case .idle = state { dial() }
        }
    }

    private func dialWhenRested() {
        let now = EventLoop.nanosecondsNow()
        guard restsUntil > now else { return dial() }
        let left = Duration.nanoseconds(Int64(clamping: restsUntil - now))
        let timer = target.loop.schedule(
            after: left, { [weak self] in self?.rested() }, abandoned: { [weak self] in self?.close(.closed) })
        // The loop may have stopped, and closed all.
        if case .idle = state { state = .resting(timer) }
    }

    private func rested() {
        state = .idle
        if !waiting.isEmpty || firstOutcome != nil { dial() }
    }

    private func dial() {
        state = .dialing(Dial(target) { [weak self] result in self?.dialed(result) })
    }

    private func dialed(_ result: Result<any Transport, ClientError>) {
        switch result {
        case .success(let transport):
            let connection = ClientConnection(
                transport, on: target.loop, target.options, firstStreamID: firstStreamID)
            firstStreamID = 1
            connection.onEnd = { [weak self, unowned connection] in self?.ended(connection) }
            connection.onRoom = { [weak self] in self?.carry() }
            state = .connected(connection)
            connection.start()
            firstOutcome.take()?(nil)
            carry()
        case .failure(.closed): close(.closed)  // the loop stops
        case .failure(let reason):
            failed(reason)
            firstOutcome.take()?(reason)
        }
    }

    /// There is no connection, and there may be one later.
    private func failed(_ reason: ClientError) {
        state = .idle
        lastFailure = reason
        failureCount += 1
        restsUntil = EventLoop.instant(after: target.options.backoff.delay(afterFailures: failureCount))
        if !waiting.isEmpty { dialWhenRested() }
    }

    /// A connection has ended, and all its calls with it.
    private func ended(_ connection: ClientConnection) {
        retired[ObjectIdentifier(connection)] = nil
        if isSingleUse, waiting.isEmpty { return close(.closed) }
        guard case .connected(let current) = state, current === connection else { return }
        guard target.options.reconnects else { return close(.connectionLost) }
        guard connection.end != .closed else { return close(.closed) }  // the loop stops
        if connection.hasHeard { failureCount = 0 }
        failed(.connectionLost)
    }

    /// A connection takes no more calls.
    private func retire(_ connection: ClientConnection) {
        state = .idle
        retired[ObjectIdentifier(connection)] = connection
        connection.closeWhenIdle()
    }

    /// Ends all calls with `reason`; idempotent. `done` is called when all connections are released.
    func close(_ reason: ClientError, _ done: (() -> Void)? = nil) {
        let closing = Closing(done)
        defer { closing.finishOne() }
        var open = Array(retired.values)
        switch state {
        case .closed: return
        case .idle: break
        case .dialing(let dial): dial.cancel()
        case .resting(let timer): timer.cancel()
        case .connected(let connection): open.append(connection)
        }
        state = .closed(reason)
        firstOutcome.take()?(reason)
        failWaiting(reason)
        deadlines.cancel()
        for connection in open { connection.close(reason, closing.one()) }
        for keeper in bulk.values { keeper.close(reason, closing.one()) }
        onClosed.take()?()
    }
}

@available(*, unavailable) extension ConnectionKeeper: Sendable {}

/// Counts what is still to be closed, and tells when nothing is.
private final class Closing {
    private var left = 1
    private let done: (() -> Void)?

    init(_ done: (() -> Void)?) { self.done = done }

    /// One more.
    func one() -> () -> Void {
        left += 1
        return { self.finishOne() }
    }

    func finishOne() {
        left -= 1
        if left == 0 { done?() }
    }
}
