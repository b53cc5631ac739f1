import CUV

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A system or libuv call that failed: what was tried, the errno, and the thing it was tried on.
public struct EventLoopError: Error, Equatable, CustomStringConvertible {
    /// What was tried, in words: `bind`, `connect`, `read`.
    public let operation: String
    /// An errno, always positive; libuv's own codes without an errno (end of file) keep their value without the sign.
    public let code: Int32
    /// What it was tried on, for a person: the address or path, and the reason where the errno does not say it.
    public let detail: String

    /// - Parameter code: an errno, or what libuv returned (its codes are negated errnos).
    public init(operation: String, code: Int32, detail: String) {
        (self.operation, self.code, self.detail) = (operation, code.magnitude > 0 ? abs(code) : 0, detail)
    }

    /// Somebody else has the address: another listener, or a file that is not ours to remove.
    public var isInUse: Bool { code == EADDRINUSE }
    /// The loop was stopped while, or before, the operation ran.
    public var isStopped: Bool { code == ECANCELED }

    public var description: String {
        var text = [CChar](repeating: 0, count: 128)
        unsafe uv_strerror_r(-code, &text, text.count)
        let reason = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "\(operation) \(detail): \(String(decoding: reason, as: UTF8.self))"
    }

    static func stopped(_ operation: String, _ detail: String) -> EventLoopError {
        EventLoopError(operation: operation, code: ECANCELED, detail: "\(detail) (the event loop is stopped)")
    }
}

/// Runs a libuv call and turns its negative answer into an error.
@discardableResult
func check(_ operation: String, _ detail: @autoclosure () -> String, _ code: Int32) throws(EventLoopError) -> Int32 {
    guard code >= 0 else { throw EventLoopError(operation: operation, code: code, detail: detail()) }
    return code
}
