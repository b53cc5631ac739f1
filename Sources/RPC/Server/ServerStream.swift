import EventLoop
import Wire

/// What a call has beside a unary one when it is a stream; on the connection's loop.
final class ServerStream {
    var state: StreamState
    /// The client's messages that the handler has not taken.
    var inbound: MessageQueue
    /// Wakes a handler that waits for a message.
    let arrival = Signal()

    init(_ state: StreamState, _ bounds: MessageQueue.Bounds) {
        self.state = state
        inbound = MessageQueue(bounds)
        inbound.isEnded = state != .open
    }

    /// The call is over.
    func end() {
        inbound.clear()
        arrival.wake()
    }
}

@available(*, unavailable) extension ServerStream: Sendable {}

/// Why the server ends a stream.
enum StreamFault: Error, Equatable {
    /// The handler has not taken what was sent, and others on the connection had waited long enough.
    case stalled(after: Duration, retryDelay: Duration)
}

extension StreamFault: StatusConvertible {
    var status: Status {
        switch self {
        case .stalled(let timeout, let retryDelay):
            Status(
                .resourceExhausted, "STREAM_STALLED",
                fr: "Les messages de ce flux n'ont pas été pris en \(timeout).",
                en: "The messages of this stream were not taken within \(timeout).", retryDelay: retryDelay)
        }
    }
}
