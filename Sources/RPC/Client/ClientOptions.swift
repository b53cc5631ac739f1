import Wire

/// How a client behaves towards its server.
public struct ClientOptions: Sendable {
    /// The longest message in both directions, in bytes; ttrpc's own bound is 4 MiB.
    public var messageBytesMax: Int
    /// How long one attempt to connect may take; nil: as long as the system does.
    public var connectTimeout: Duration?

    /// Whether a new connection follows one that is lost or has used its stream ids; else all later calls fail.
    public var reconnects = true
    /// How long to wait before each new attempt.
    public var backoff = Backoff()
    /// How long a call without a timeout of its own waits for a connection; then it fails as the last attempt did.
    public var connectionWaitMax = Duration.seconds(30)
    /// Calls that wait for a connection, or for room on it; one more fails at once.
    public var waitingCallsMax = 10_000
    /// How often one call is sent at most, the first time counted (`CallOptions.isRepeatable`).
    public var triesMax = 4

    /// Bytes that the server has not taken, above which calls wait.
    public var unsentBytesMax = 16 << 20
    /// Messages of one stream that its reader has not taken; with more, the connection is not read.
    public var streamBufferMessagesMax = 64
    /// Their bytes; one message may be longer.
    public var streamBufferBytesMax = 256 << 10
    /// How long the connection is not read for one stream before that stream is cancelled.
    public var streamStallTimeout = Duration.seconds(5)
    /// Bytes that the server has not taken, above which `send` of a stream waits.
    public var streamUnsentBytesMax = 1 << 20

    /// The first stream id of the first connection; odd. A test begins near the last one.
    var firstStreamID: UInt32 = 1

    public init(messageBytesMax: Int = 4 << 20, connectTimeout: Duration? = .seconds(10)) {
        (self.messageBytesMax, self.connectTimeout) = (messageBytesMax, connectTimeout)
    }

    var streamBuffer: MessageQueue.Bounds {
        MessageQueue.Bounds(messagesMax: streamBufferMessagesMax, bytesMax: streamBufferBytesMax)
    }
}
