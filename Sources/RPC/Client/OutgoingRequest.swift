import EventLoop

/// A request as it travels to the client's loop.
struct OutgoingRequest: Sendable {
    let service: String
    let method: String
    let payload: [UInt8]
    let kind: StreamingKind
    let options: CallOptions
    /// When the caller stops waiting, by `EventLoop.nanosecondsNow`; 0: never. Waiting for a connection counts.
    let expiresAt: UInt64

    /// Its time begins now.
    init(_ service: String, _ method: String, _ payload: [UInt8], _ kind: StreamingKind, _ options: CallOptions) {
        (self.service, self.method, self.payload) = (service, method, payload)
        (self.kind, self.options) = (kind, options)
        // At least 1, so that a time-out that has passed already is not taken for none.
        expiresAt = options.timeout.map { max(1, EventLoop.instant(after: $0)) } ?? 0
    }

    /// Whether it is a stream that gets a connection of its own.
    var isBulk: Bool { kind != .unary && (options.isBulk ?? (kind == .client)) }

    /// Whether the call can still be over by `instant`.
    func allows(_ instant: UInt64) -> Bool { expiresAt == 0 || instant < expiresAt }
}

extension EventLoop {
    /// The instant by `nanosecondsNow` after `delay`; the last there is for a very long one.
    static func instant(after delay: Duration) -> UInt64 {
        let (sum, overflows) = nanosecondsNow().addingReportingOverflow(delay.nanoseconds)
        return overflows ? .max : sum
    }
}
