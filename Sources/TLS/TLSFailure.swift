/// Why a connection could not be made secure, or is not secure any more.
public enum TLSFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The handshake took too long.
    case timeout
    /// The peer does not speak TLS, or no TLS that is allowed here.
    case protocolFault(String)
    /// One side does not trust the other's certificate, or misses one.
    case certificate(String)

    public var description: String {
        switch self {
        case .timeout: "TLS: the handshake took too long"
        case .protocolFault(let reason), .certificate(let reason): "TLS: \(reason)"
        }
    }

    /// The label of the metric.
    var label: String {
        switch self {
        case .timeout: "timeout"
        case .protocolFault: "protocol"
        case .certificate: "certificate"
        }
    }
}

/// What becomes of a connection, told on its loop.
enum TLSEvent: Sendable, Equatable {
    case established
    /// The handshake failed.
    case refused(TLSFailure)
    /// It failed later. With TLS 1.3 a client hears only now that its certificate is not taken.
    case broken(TLSFailure)
}

/// A file of a certificate or key that cannot be used.
public struct TLSFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    /// What is wrong with it, in the words of the system or of OpenSSL.
    public let reason: String

    public var description: String { "\(path): \(reason)" }
}
