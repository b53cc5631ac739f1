import COpenSSL
public import EventLoop
import Threading

/// Whom a client trusts, and what it shows of itself.
public final class TLSClientContext: Sendable {
    let secure: SecureContext
    private let scratches = Scratches()
    private let failure = Lock<TLSFailure?>(nil)

    /// Reads the files; not on a loop.
    ///
    /// - Parameters:
    ///   - authorities: PEM: who may sign a server's certificate; nil: whom the system trusts.
    ///   - identity: PEM: the client's own certificate with those between it and its root, and its key.
    /// - Throws: the file that cannot be used, and why.
    public init(
        authorities: String? = nil, identity: (certificate: String, key: String)? = nil
    ) throws(TLSFileError) {
        secure = unsafe SecureContext(TLS_client_method())
        if let authorities {
            try secure.trust(authorities)
        } else if unsafe SSL_CTX_set_default_verify_paths(secure.raw) != 1 {
            throw TLSFileError(path: "the system's certificates", reason: OpenSSLError.take().text)
        }
        if let identity { try secure.use(certificate: identity.certificate, key: identity.key) }
        unsafe SSL_CTX_set_verify(secure.raw, SSL_VERIFY_PEER, nil)
    }

    /// The layer of a connection to a server of this name, for `Client.connect`.
    ///
    /// - Parameter host: a name, or a numeric address without brackets: the server's certificate must be for it.
    public func layer(host: String, handshakeTimeout: Duration = .seconds(10)) -> TransportLayer {
        { [self] stream in
            TLSTransport(
                on: stream, Engine(secure, .client(host: host)), scratches.scratch(of: stream.loop),
                handshakeTimeout: handshakeTimeout
            ) { [self] event in note(event) }
        }
    }

    /// Why the last one of its connections that TLS has ended was ended; nil if there was none.
    public var lastFailure: TLSFailure? { failure.withLock { $0 } }

    private func note(_ event: TLSEvent) {
        switch event {
        case .established: break
        case .refused(let why), .broken(let why): failure.withLock { $0 = why }
        }
    }
}
