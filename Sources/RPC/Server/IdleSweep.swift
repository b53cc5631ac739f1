import EventLoop
import Metrics

/// Closes the connections of a loop that nobody uses: without a call and without a byte for too long, or in the middle
/// of a frame whose rest does not come.
///
/// One timer looks at all of them, four times in the shortest of the two times, so that a call costs no timer and an
/// idle connection no memory of its own.
final class IdleSweep {
    private let idleTimeout: UInt64
    private let frameTimeout: UInt64
    private let interval: Duration?
    private let loop: EventLoop
    private var timer: Timer?

    init(_ limits: ServerLimits, on loop: EventLoop) {
        (idleTimeout, frameTimeout) = (limits.idleTimeout.nanoseconds, limits.frameTimeout.nanoseconds)
        self.loop = loop
        let shortest = [idleTimeout, frameTimeout].filter { $0 > 0 }.min()
        interval = shortest.map { .nanoseconds(Int64(clamping: max($0 / 4, 1_000_000))) }
    }

    /// There are connections to look at, as long as `connections` gives some.
    func begin(_ connections: @escaping () -> [ServerConnection]) {
        guard timer == nil, let interval else { return }
        timer = loop.schedule(after: interval) { [weak self] in
            guard let self else { return }
            timer = nil
            let open = connections()
            guard !open.isEmpty else { return }
            let now = EventLoop.nanosecondsNow()
            for connection in open { look(at: connection, now) }
            begin(connections)
        }
    }

    func cancel() { timer.take()?.cancel() }

    private func look(at connection: ServerConnection, _ now: UInt64) {
        // What the server itself does not read yet is not the peer's delay.
        guard !connection.isPaused, connection.backlog.isEmpty else {
            if connection.frameBeganAt > 0 { connection.frameBeganAt = now }
            return
        }
        if frameTimeout > 0, connection.frameBeganAt > 0, now - connection.frameBeganAt > frameTimeout {
            connection.core.metrics.connectionsHalfOpen.add()
            return connection.close()
        }
        let isIdle = connection.calls.isEmpty && connection.stream.unsentByteCount == 0
        if idleTimeout > 0, isIdle, now - connection.lastActiveAt > idleTimeout {
            connection.core.metrics.connectionsIdle.add()
            connection.close()
        }
    }
}
