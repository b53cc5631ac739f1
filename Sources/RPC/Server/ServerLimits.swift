/// What a server bears before it refuses; each number comes from the configuration and is looked at where it says.
public struct ServerLimits: Sendable {
    /// Open connections of all loops; one more is accepted and closed at once, and counted.
    public var connectionsMax = 12_000
    /// Calls of one connection that are open beyond their batch; one more is answered RESOURCE_EXHAUSTED.
    public var callsPerConnectionMax = 1_024
    /// Open calls of all connections; one more is answered RESOURCE_EXHAUSTED. Loops that meet at the bound may pass it
    /// by one each.
    public var callsMax = 16_384
    /// Bytes of answers that a connection's peer has not taken; above it reading of that connection pauses.
    public var unsentBytesMax = 8 << 20
    /// How long the peer may leave more than `unsentBytesMax` untaken before its connection is closed.
    public var unsentTimeout = Duration.seconds(30)
    /// Messages of one stream that its handler has not taken; with more, reading of its connection pauses.
    public var streamBufferMessagesMax = 64
    /// Their bytes; one message may be longer.
    public var streamBufferBytesMax = 256 << 10
    /// Bytes that are held for handlers of all streams of one connection; with more, its reading pauses too.
    public var streamBufferConnectionBytesMax = 8 << 20
    /// How long reading pauses for a handler before its stream ends with RESOURCE_EXHAUSTED.
    public var streamStallTimeout = Duration.seconds(5)
    /// Data of one frame, in both directions; ttrpc's own bound is 4 MiB.
    public var messageBytesMax = 4 << 20
    /// Messages inside messages of a payload.
    public var decodeDepthMax = 100
    /// Pairs of metadata of one call.
    public var metadataPairsMax = 64
    /// Keys and values of one call's metadata together.
    public var metadataBytesMax = 16 << 10
    /// The name of a service or of a method.
    public var nameBytesMax = 256
    /// Frames of one connection that are handled before others have their turn.
    public var framesPerTurnMax = 32
    /// The longest that a call may take, and the time that it has if its caller gave none; zero: no bound.
    public var callTimeoutMax = Duration.zero
    /// How long a connection may stay open without a call and without a byte before it is closed; zero: for ever.
    public var idleTimeout = Duration.seconds(1_800)
    /// How long a frame may take from its first byte to its last before its connection is closed; zero: for ever.
    public var frameTimeout = Duration.seconds(60)
    /// How long a TCP connection may be silent before the kernel asks whether its peer is there; zero: never.
    public var tcpKeepAlive = Duration.seconds(60)
    /// What a client is asked to wait before it repeats a call that a bound or the shutdown refused.
    public var retryDelay = Duration.milliseconds(100)

    public init() {}

    /// Unsent bytes above which a connection is closed at once: calls that were open when reading paused go on.
    var unsentBytesCut: Int { 4 * unsentBytesMax + messageBytesMax }
    /// Unsent bytes above which a stream's handler waits: below the bound at which reading pauses, so that a Cancel is heard.
    var streamUnsentBytesMax: Int { min(1 << 20, unsentBytesMax) }
    /// What one stream may hold.
    var streamBuffer: MessageQueue.Bounds {
        MessageQueue.Bounds(messagesMax: streamBufferMessagesMax, bytesMax: streamBufferBytesMax)
    }
    /// Answers of one batch that are written before it ends, so that it does not gather 32 times the largest message.
    var gatheredBytesMax: Int { min(1 << 20, unsentBytesMax) }
}
