import COpenSSL

/// Whether clients are asked for a certificate.
public enum ClientCertificates: String, Sendable, CaseIterable {
    /// They are not asked.
    case none
    /// They are asked, and may have none; one that is not trusted ends the handshake.
    case optional
    /// Without one that is trusted there is no connection.
    case required
}

/// The files of a server.
public struct TLSServerFiles: Sendable, Equatable {
    /// PEM: the server's certificate, then those between it and its root.
    public var certificate: String
    /// PEM: the certificate's key, without a password. Not readable by everybody.
    public var key: String
    /// PEM: the authorities whose clients are trusted; nil: no client is asked.
    public var clientAuthorities: String?
    public var clients: ClientCertificates

    public init(
        certificate: String, key: String, clientAuthorities: String? = nil, clients: ClientCertificates = .optional
    ) {
        (self.certificate, self.key) = (certificate, key)
        (self.clientAuthorities, self.clients) = (clientAuthorities, clients)
    }
}

/// A server's certificate and key as they were read from their files, and which clients it trusts.
public final class TLSServerContext: Sendable {
    let secure: SecureContext
    /// The subject of its certificate, as RFC 4514 writes it.
    public let subject: String

    /// Reads the files; not on a loop.
    ///
    /// - Throws: the file that cannot be used, and why.
    public init(_ files: TLSServerFiles) throws(TLSFileError) {
        secure = unsafe SecureContext(TLS_server_method())
        try secure.use(certificate: files.certificate, key: files.key)
        subject = secure.subject ?? ""
        guard let authorities = files.clientAuthorities, files.clients != .none else { return }
        try secure.trust(authorities)
        // Clients with several certificates choose by these names.
        unsafe SSL_CTX_set_client_CA_list(secure.raw, SSL_load_client_CA_file(authorities))
        let required = files.clients == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        unsafe SSL_CTX_set_verify(secure.raw, SSL_VERIFY_PEER | required, nil)
    }
}
