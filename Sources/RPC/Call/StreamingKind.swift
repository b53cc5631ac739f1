import Wire

/// How many messages a method takes and gives, as its proto's `stream` words say.
public enum StreamingKind: Sendable, Equatable {
    /// One and one.
    case unary
    /// One, then any number from the server.
    case server
    /// Any number from the client, then one.
    case client
    /// Any number each, in any order.
    case both

    public init(clientStreams: Bool, serverStreams: Bool) {
        self = clientStreams ? (serverStreams ? .both : .client) : (serverStreams ? .server : .unary)
    }

    /// What is wrong with a request whose flags ask for `state`; nil if nothing is.
    @inline(__always)
    func fault(opening state: StreamState) -> ProtocolFault? {
        switch (self, state) {
        case (.unary, .unary), (.unary, .halfClosed), (.server, .halfClosed), (.client, .open), (.client, .halfClosed),
            (.both, .open), (.both, .halfClosed):
            nil
        case (.unary, .open), (.server, .open): .streamingUnsupported
        case (.server, .unary), (.client, .unary), (.both, .unary): .streamingRequired
        case (_, .finished): preconditionFailure("no request opens a stream that is finished")
        }
    }

    /// The flags of a request that the client sends.
    var requestFlags: FrameFlags {
        switch self {
        case .unary: []
        case .server: .remoteClosed
        case .client, .both: .remoteOpen
        }
    }
}
