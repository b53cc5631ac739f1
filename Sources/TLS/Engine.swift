import COpenSSL
import EventLoop

/// TLS of one connection without its socket: bytes of the wire in, bytes of the wire out.
// Proof: the connection owns its two memory BIOs, `deinit` frees all three; only the owner's loop uses them.
@safe
final class Engine {
    enum Role {
        case server
        /// The server's certificate must be for this name or numeric address.
        case client(host: String)
    }

    enum HandshakeStep { case done, wantsMore, failed(TLSFailure) }
    enum ReadStep { case bytes, wantsMore, closed, failed(TLSFailure) }

    /// A BIO that is empty and has grown beyond this is replaced, so that a quiet connection is cheap.
    private static let keptByteCount = 24 << 10

    private let ssl: OpaquePointer
    private var input: OpaquePointer
    private var output: OpaquePointer

    init(_ context: SecureContext, _ role: Role) {
        guard let ssl = unsafe SSL_new(context.raw) else { preconditionFailure("OpenSSL has no memory") }
        unsafe self.ssl = ssl
        unsafe (input, output) = (Self.memoryBIO(), Self.memoryBIO())
        unsafe SSL_set_bio(ssl, input, output)
        switch role {
        case .server: unsafe SSL_set_accept_state(ssl)
        case .client(let host):
            unsafe SSL_set_connect_state(ssl)
            expect(host)
        }
    }

    deinit { unsafe SSL_free(ssl) }

    private static func memoryBIO() -> OpaquePointer {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { preconditionFailure("OpenSSL has no memory") }
        return unsafe bio
    }

    private func expect(_ host: String) {
        let parameters = unsafe SSL_get0_param(ssl)
        // RFC 6066 §3: a numeric address is not a server name.
        guard unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 else { return }
        OpenSSLError.clear()
        unsafe X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        // An empty host would be no check at all; a space is in no certificate.
        let name = host.isEmpty ? " " : host
        let code = unsafe X509_VERIFY_PARAM_set1_host(parameters, name, 0)
        precondition(code == 1, "OpenSSL has no memory")
        unsafe cordee_ssl_set_server_name(ssl, name)
    }

    // MARK: The wire

    /// Takes bytes that came in.
    func feed(_ bytes: RawSpan) {
        let written = unsafe bytes.withUnsafeBytes { unsafe BIO_write(input, $0.baseAddress, Int32($0.count)) }
        precondition(Int(written) == bytes.byteCount, "a memory BIO takes all")
    }

    /// Whether there are bytes that `read` has not looked at.
    var hasInput: Bool { unsafe BIO_ctrl_pending(input) > 0 || SSL_pending(ssl) > 0 }

    /// Lends the bytes that are to go out, and forgets them.
    func takeOutput(_ body: (RawSpan) -> Void) {
        var bytes: UnsafeMutablePointer<CChar>? = nil
        let count = unsafe cordee_bio_bytes(output, &bytes)
        guard count > 0 else { return }
        unsafe body(UnsafeRawBufferPointer(start: bytes, count: count).bytes)
        if unsafe cordee_bio_capacity(output) > Self.keptByteCount {
            unsafe output = Self.memoryBIO()
            unsafe SSL_set0_wbio(ssl, output)
        } else {
            unsafe cordee_bio_clear(output)
        }
    }

    /// Gives back what a burst has made large.
    func trimInput() {
        guard unsafe cordee_bio_capacity(input) > Self.keptByteCount, unsafe BIO_ctrl_pending(input) == 0 else {
            return
        }
        unsafe input = Self.memoryBIO()
        unsafe SSL_set0_rbio(ssl, input)
    }

    // MARK: TLS

    func handshake() -> HandshakeStep {
        OpenSSLError.clear()
        let code = unsafe SSL_do_handshake(ssl)
        if code == 1 { return .done }
        return unsafe SSL_get_error(ssl, code) == SSL_ERROR_WANT_READ ? .wantsMore : .failed(failure())
    }

    /// Decrypts some into a scratch that is not full.
    func read(into scratch: Scratch) -> ReadStep {
        OpenSSLError.clear()
        var code: Int32 = 0
        unsafe scratch.append { free in
            var count = 0
            code = unsafe SSL_read_ex(ssl, free.baseAddress, free.count, &count)
            return code == 1 ? count : 0
        }
        if code == 1 { return .bytes }
        switch unsafe SSL_get_error(ssl, code) {
        case SSL_ERROR_WANT_READ: return .wantsMore
        case SSL_ERROR_ZERO_RETURN: return .closed
        default: return .failed(failure())
        }
    }

    /// Encrypts bytes, not none; once the handshake is done.
    func write(_ bytes: RawSpan) -> TLSFailure? {
        OpenSSLError.clear()
        let code = unsafe bytes.withUnsafeBytes { raw in
            var count = 0
            return unsafe SSL_write_ex(ssl, raw.baseAddress, raw.count, &count)
        }
        // All or nothing: the BIO takes any number of bytes, and partial writes are not enabled.
        return code == 1 ? nil : failure()
    }

    /// Says that no more will be written.
    func shutdown() {
        OpenSSLError.clear()
        unsafe SSL_shutdown(ssl)
        OpenSSLError.clear()
    }

    private func failure() -> TLSFailure { unsafe .take(verification: SSL_get_verify_result(ssl)) }

    var peerCertificate: PeerCertificate? { unsafe Certificate.ofPeer(ssl) }

    /// "TLSv1.3"; of use once the handshake is done.
    var version: String { unsafe String(cString: SSL_get_version(ssl)) }
}

@available(*, unavailable) extension Engine: Sendable {}
