/// A connection as its owner sees it: bytes in, bytes out, in order, on one loop. A `Stream` is one in clear; a room
/// above may put a layer on it, as TLS does.
///
/// The owner sets the callbacks, starts to read, and closes it in the end. Only the loop's thread may touch it.
public protocol Transport: AnyObject {
    /// The bytes of one read; they are valid during the call only.
    var onRead: ((RawSpan) -> Void)? { get set }
    /// Called once, at the end of what can be read or when writing fails; `close` is still the owner's call.
    var onEnd: ((StreamEnd) -> Void)? { get set }
    /// All bytes that were written have been taken by the kernel, after some had to wait.
    var onDrain: (() -> Void)? { get set }
    var loop: EventLoop { get }
    /// Who is at the other end of a Unix socket; nil for TCP.
    var peer: PeerCredentials? { get }
    /// Where an accepted TCP connection comes from: its IPv4 address, or its network of IPv6 (64 bits); nil for others.
    var peerNetwork: String? { get }
    /// What the other end has proved to be; nil in clear, and for a client without a certificate. Known when the first
    /// bytes are read.
    var certificate: PeerCertificate? { get }
    /// Bytes that were written and not yet taken by the kernel.
    var unsentByteCount: Int { get }

    /// Starts to call `onRead`, and `onEnd` at the end; idempotent.
    func startReading()
    /// `onRead` and `onEnd` are not called until reading starts again. Idempotent.
    func stopReading()
    /// Sends bytes; what the kernel does not take at once is queued without a bound: see `unsentByteCount`.
    func write(_ bytes: RawSpan)
    /// Closes the connection; idempotent. No callback comes after this call; `done` is called when all is released.
    func close(_ done: (() -> Void)?)
}

/// The certificate of a peer that was verified.
public struct PeerCertificate: Sendable, Equatable {
    /// Its subject, as RFC 4514 writes it: "CN=registrar,O=CSRB".
    public var subject: String
    /// SHA-256 of the whole certificate (DER).
    public var fingerprint: [UInt8]

    public init(subject: String, fingerprint: [UInt8]) { (self.subject, self.fingerprint) = (subject, fingerprint) }
}

extension Stream: Transport {
    public var certificate: PeerCertificate? { nil }
}

/// Puts a layer on a connection, on its loop; what it returns is what the owner sees. In clear it is the stream itself.
public typealias TransportLayer = @Sendable (Stream) -> any Transport
