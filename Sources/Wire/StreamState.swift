/// Where one stream stands, seen from either end (ttrpc PROTOCOL.md, "Streaming").
///
/// The client opens it, and says first that it has no more to send; what the server says last ends it, whether the
/// client had finished or not. So both ends go through the same states, and an event says whose frame it is. An end asks
/// before it sends and after it received.
public enum StreamState: Equatable, Sendable, CaseIterable {
    /// A request of one message, without flags: nothing but a Response may follow.
    case unary
    /// Both ends may send.
    case open
    /// The client has no more to send; the server may still.
    case halfClosed
    /// The server has sent its last, or an end has given the stream up.
    case finished

    /// The end that a frame comes from.
    public enum Party: Equatable, Sendable, CaseIterable { case client, server }

    /// What a Data frame says (ttrpc PROTOCOL.md, "Data").
    public enum Content: Equatable, Sendable, CaseIterable {
        /// A message, and more may follow.
        case message
        /// A message, the last one: `remote closed`.
        case lastMessage
        /// No message, and none follows: `remote closed` and `no data`.
        case close
        /// Neither a message nor the end: `no data` alone.
        case nothing

        public init(_ flags: FrameFlags) {
            let closes = flags.contains(.remoteClosed)
            self =
                flags.contains(.noData) ? (closes ? .close : .nothing) : (closes ? .lastMessage : .message)
        }
    }

    public enum Event: Equatable, Sendable {
        case data(Party, Content)
        /// The server's Response.
        case response
        /// A deadline, a cancellation, a bound, a connection that is gone: this end gives the stream up.
        case giveUp
    }

    public enum Action: Equatable, Sendable {
        /// The frame is good: its message, if it has one, is handed on, and then, if it says so, the end of its direction.
        case pass(message: Bool, end: Bool)
        /// The stream ends with this Response.
        case answer
        /// The stream ends without a word from the server.
        case drop
        /// The frame breaks the protocol: the stream ends, and the end that received it says so.
        case violation
        /// The stream is over already, or the frame says nothing.
        case ignore
    }

    /// The state of a new stream.
    ///
    /// A request with both flags contradicts itself: that it is closed counts, since nothing then waits for what may
    /// never come.
    public init(requestFlags flags: FrameFlags) {
        self = flags.contains(.remoteClosed) ? .halfClosed : flags.contains(.remoteOpen) ? .open : .unary
    }

    /// Moves on; the caller does what is returned.
    public mutating func apply(_ event: Event) -> Action {
        switch (self, event) {
        case (.finished, _): return .ignore
        case (.unary, .response), (.open, .response), (.halfClosed, .response): return finish(.answer)
        case (.unary, .giveUp), (.open, .giveUp), (.halfClosed, .giveUp): return finish(.drop)
        // PROTOCOL.md, "Data": a data message is not allowed on a unary stream, nor after `remote closed`.
        case (.unary, .data), (.halfClosed, .data(.client, _)): return finish(.violation)
        case (.open, .data(.client, let content)):
            if content.ends { self = .halfClosed }
            return content.action
        case (.open, .data(.server, let content)), (.halfClosed, .data(.server, let content)):
            if content.ends { self = .finished }
            return content.action
        }
    }

    private mutating func finish(_ action: Action) -> Action {
        self = .finished
        return action
    }
}

extension StreamState.Content {
    fileprivate var ends: Bool { self == .lastMessage || self == .close }

    fileprivate var action: StreamState.Action {
        switch self {
        case .message: .pass(message: true, end: false)
        case .lastMessage: .pass(message: true, end: true)
        case .close: .pass(message: false, end: true)
        case .nothing: .ignore
        }
    }
}
