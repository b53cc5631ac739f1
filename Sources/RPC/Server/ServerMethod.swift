/// One method that a server answers.
public struct ServerMethod: Sendable {
    /// The full name of the service.
    public let service: String
    /// The method's name.
    public let name: String
    /// Takes a call whose limits and deadline were looked at. The payload's bytes are borrowed: they are gone when
    /// the closure returns. It answers through the call, at once or later, exactly once.
    public let handle: @Sendable (ServerCall, RawSpan) -> Void

    public let kind: StreamingKind
    /// Whether the bounds on open calls, and the end of the server, stand against a call of it.
    public let isUnderLimits: Bool

    public init(
        service: String, name: String, kind: StreamingKind = .unary, isUnderLimits: Bool = true,
        handle: @escaping @Sendable (ServerCall, RawSpan) -> Void
    ) {
        self.service = service
        self.name = name
        self.kind = kind
        self.isUnderLimits = isUnderLimits
        self.handle = handle
    }
}
