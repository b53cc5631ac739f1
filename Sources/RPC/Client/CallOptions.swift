/// What a client says about one call beside its request.
public struct CallOptions: Sendable {
    /// How long the caller waits, for a connection too; the server is told what is left of it and ends the call then.
    /// Nil: for ever, once there is a connection.
    public var timeout: Duration?
    /// The bearer token; sent as `authorization: Bearer …`.
    public var token: String?
    /// Languages for the texts of errors, best first, as in HTTP: "fr-CA, en".
    public var acceptLanguage: String?
    /// Whether the payload is protobuf-JSON; for raw calls, typed ones set it themselves.
    public var isJSON: Bool
    /// Whether the call may be sent again when its connection is lost, or when the server says UNAVAILABLE and when to come
    /// back. Nil: if the method's proto says NO_SIDE_EFFECTS, or if the call has an idempotency key, as each typed one
    /// that writes has. False also keeps a key from being made. A stream is never sent again.
    public var isRepeatable: Bool?
    /// What a server that keeps it carries the call out once by, however often it comes: 1…128 visible ASCII characters,
    /// the same for all tries of one call and no other. Nil: one is made for each typed call that writes; a raw call, and
    /// a stream, then has none.
    public var idempotencyKey: String?
    /// Whether a stream gets a connection of its own, so that it holds up no other call. Nil: if the client alone streams.
    public var isBulk: Bool?
    /// More pairs, sent as they are.
    public var metadata: [(String, String)]

    public init(
        timeout: Duration? = nil, token: String? = nil, acceptLanguage: String? = nil, isJSON: Bool = false,
        isRepeatable: Bool? = nil, idempotencyKey: String? = nil, isBulk: Bool? = nil,
        metadata: [(String, String)] = []
    ) {
        self.idempotencyKey = idempotencyKey
        (self.timeout, self.token, self.acceptLanguage) = (timeout, token, acceptLanguage)
        (self.isJSON, self.isRepeatable, self.isBulk, self.metadata) = (isJSON, isRepeatable, isBulk, metadata)
    }

    /// The same for a method's typed call.
    func completed(isReadOnly: Bool) -> CallOptions {
        var options = self
        if isReadOnly {
            options.isRepeatable = isRepeatable ?? true
        } else if idempotencyKey == nil, isRepeatable != false {
            options.idempotencyKey = Self.makeIdempotencyKey()
        }
        return options
    }

    /// Whether a call with these options is sent again.
    var allowsRepeat: Bool { isRepeatable ?? (idempotencyKey != nil) }

    /// All pairs, as they are sent.
    var pairs: [(String, String)] {
        var pairs = metadata
        if let token { pairs.append(("authorization", "Bearer \(token)")) }
        if let acceptLanguage { pairs.append(("accept-language", acceptLanguage)) }
        if let idempotencyKey { pairs.append(("idempotency-key", idempotencyKey)) }
        if isJSON { pairs.append(("content-type", "application/json")) }
        return pairs
    }
}
