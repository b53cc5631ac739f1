/// Why a call failed: a code for programs, a stable reason, and a text in two languages for people.
///
/// It travels as google.rpc.Status with `ErrorInfo`, `LocalizedMessage`, `BadRequest`, `RetryInfo` and `RequestInfo`.
public struct Status: Error, Sendable, Hashable {
    public var code: StatusCode
    /// UPPER_SNAKE_CASE and stable within v1: "CAPACITY_FULL". All reasons are listed in `proto/README.md`.
    public var reason: String
    public var text: LocalizedText
    /// Facts about this case, without personal data.
    public var metadata: [String: String]
    /// Each wrong field of the request.
    public var violations: [FieldViolation]
    /// The least time after which a repeat may succeed.
    public var retryDelay: Duration?
    /// The server's id of the call, in a status that a client received; a server sends the call's own, never this.
    public var requestID: String?

    public init(
        _ code: StatusCode, _ reason: String, fr: String, en: String,
        metadata: [String: String] = [:], violations: [FieldViolation] = [], retryDelay: Duration? = nil
    ) {
        self.code = code
        self.reason = reason
        self.text = LocalizedText(fr: fr, en: en)
        self.metadata = metadata
        self.violations = violations
        self.retryDelay = retryDelay
    }
}

/// One wrong field of a request.
public struct FieldViolation: Sendable, Hashable {
    /// The path of the field in the request, as protobuf names it: "workshop.sessions[0].zone".
    public var field: String
    /// A stable word: "REQUIRED".
    public var reason: String
    public var text: LocalizedText

    public init(field: String, reason: String, fr: String, en: String) {
        self.field = field
        self.reason = reason
        self.text = LocalizedText(fr: fr, en: en)
    }
}

/// An error of a room above that knows which status it is to a caller.
///
/// A domain's refusals conform to it, so that a handler throws them as they are.
public protocol StatusConvertible: Error {
    var status: Status { get }
}

extension Status: StatusConvertible {
    public var status: Status { self }
}
