/// What a client says about one call beside its request.
public struct CallOptions: Sendable {
    /// How long the caller waits; the server is told and ends the call then too. Nil: for ever.
    public var timeout: Duration?
    /// The bearer token; sent as `authorization: Bearer …`.
    public var token: String?
    /// Languages for the texts of errors, best first, as in HTTP: "fr-CA, en".
    public var acceptLanguage: String?
    /// Whether the payload is protobuf-JSON; for raw calls, typed ones set it themselves.
    public var isJSON: Bool
    /// More pairs, sent as they are.
    public var metadata: [(String, String)]

    public init(
        timeout: Duration? = nil, token: String? = nil, acceptLanguage: String? = nil, isJSON: Bool = false,
        metadata: [(String, String)] = []
    ) {
        (self.timeout, self.token, self.acceptLanguage) = (timeout, token, acceptLanguage)
        (self.isJSON, self.metadata) = (isJSON, metadata)
    }

    /// The timeout as it is sent; 0 for none, and at least 1 so that a passed one is not taken for none.
    var timeoutNanoseconds: Int64 {
        guard let timeout else { return 0 }
        return max(1, Int64(clamping: timeout.nanoseconds))
    }

    /// All pairs, as they are sent.
    var pairs: [(String, String)] {
        var pairs = metadata
        if let token { pairs.append(("authorization", "Bearer \(token)")) }
        if let acceptLanguage { pairs.append(("accept-language", acceptLanguage)) }
        if isJSON { pairs.append(("content-type", "application/json")) }
        return pairs
    }
}

/// How a client behaves towards its server.
public struct ClientOptions: Sendable {
    /// The longest message in both directions, in bytes; ttrpc's own bound is 4 MiB.
    public var messageBytesMax: Int
    /// How long to wait for the connection; nil: as long as the system does.
    public var connectTimeout: Duration?
    /// Messages of one stream that its reader has not taken; with more, the connection is not read.
    public var streamBufferMessagesMax = 64
    /// Their bytes; one message may be longer.
    public var streamBufferBytesMax = 256 << 10
    /// How long the connection is not read for one stream before that stream is cancelled.
    public var streamStallTimeout = Duration.seconds(5)
    /// Bytes that the server has not taken, above which `send` of a stream waits.
    public var streamUnsentBytesMax = 1 << 20

    public init(messageBytesMax: Int = 4 << 20, connectTimeout: Duration? = .seconds(10)) {
        (self.messageBytesMax, self.connectTimeout) = (messageBytesMax, connectTimeout)
    }

    var streamBuffer: MessageQueue.Bounds {
        MessageQueue.Bounds(messagesMax: streamBufferMessagesMax, bytesMax: streamBufferBytesMax)
    }
}
