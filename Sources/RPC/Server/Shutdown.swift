import EventLoop
import Synchronization

/// The end of a loop's part of the server, in order.
enum Drain {
    /// Connections and calls are taken.
    case serving
    /// New calls are refused. Each connection is closed when it has no call left and all its answers are taken, and in
    /// any case when the grace is over.
    case draining(end: Timer, done: () -> Void)
    /// No connection is left, none is taken.
    case drained
}

extension Server {
    /// Stops: no connection is taken, new calls are answered UNAVAILABLE, and calls in progress have at most `grace` to
    /// be answered; then they are cancelled. When it returns, all connections are closed. Idempotent.
    public func shutdown(grace: Duration) async {
        stopListening()
        core.isDraining.store(true, ordering: .relaxed)
        for slot in slots { slot.loop.execute { [core] in slot.value.context(on: slot.loop, core).beginDrain(grace) } }
        for slot in slots {
            await withCheckedContinuation { continuation in
                slot.loop.execute { [core] in
                    slot.value.context(on: slot.loop, core).whenDrained { continuation.resume() }
                }
            }
        }
    }
}

extension LoopContext {
    func beginDrain(_ grace: Duration) {
        guard case .serving = drain else { return }
        let end = loop.schedule(after: grace) { [weak self] in self?.endGrace() }
        drain = .draining(end: end, done: {})
        for connection in Array(connections.values) {
            stopPaused(connection)
            connectionIsIdle(connection)
        }
        finishDrainIfIdle()
    }

    /// Streams that wait for something to tell have nothing to finish.
    private func stopPaused(_ connection: ServerConnection) {
        let overload = Overload(cause: .shutdown, retryDelay: core.limits.retryDelay)
        for call in Array(connection.calls.values) where call.isPaused { call.stop(overload) }
    }

    func whenDrained(_ done: @escaping () -> Void) {
        switch drain {
        case .serving: preconditionFailure("nobody has asked this loop to drain")
        case .draining(let end, let earlier):
            drain = .draining(
                end: end,
                done: {
                    earlier()
                    done()
                })
        case .drained: done()
        }
    }

    /// The connection may have lost its last reason to stay open.
    func connectionIsIdle(_ connection: ServerConnection) {
        guard case .draining = drain, connection.calls.isEmpty, !connection.isClosed else { return }
        // Its last answer may still be gathered: look again after this turn's flush.
        let bound = LoopBound(connection, on: loop)
        loop.execute {
            let connection = bound.value
            guard connection.calls.isEmpty, connection.outbound.isEmpty else { return }
            guard connection.stream.unsentByteCount == 0, !connection.isClosed else { return }
            connection.close()
        }
    }

    private func endGrace() {
        for connection in Array(connections.values) {
            let overload = Overload(cause: .shutdown, retryDelay: core.limits.retryDelay)
            for call in Array(connection.calls.values) { call.stop(overload) }
            connection.flush()
            connection.close()
        }
        finishDrainIfIdle()
    }

    func finishDrainIfIdle() {
        guard case .draining(let end, let done) = drain, connections.isEmpty else { return }
        end.cancel()
        deadlines.cancel()
        sweep.cancel()
        drain = .drained
        done()
    }
}
