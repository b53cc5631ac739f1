import COpenSSL
public import EventLoop

/// Whom a client trusts, and what it shows of itself.
public final class TLSClientContext: Sendable {
    let secure: SecureContext
    private let scratches = Scratches()

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
    /// - Parameters:
    ///   - host: a name, or a numeric address without brackets: the server's certificate must be for it.
    ///   - report: called on the connection's loop.
    public func layer(
        host: String, handshakeTimeout: Duration = .seconds(10),
        report: @escaping @Sendable (TLSEvent) -> Void = { _ in }
    ) -> TransportLayer {
        { [secure, scratches] stream in
            TLSTransport(
                on: stream, Engine(secure, .client(host: host)), scratches.scratch(of: stream.loop),
                handshakeTimeout: handshakeTimeout, report: report)
        }
    }
}
