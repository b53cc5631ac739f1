import COpenSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What connections of one kind have in common: certificate, key, whom they trust, what they allow.
// Proof: it is filled in `init` of its owner and never changed later; OpenSSL counts references and makes connections
// of it (`SSL_new`) under its own locks, from any thread.
@safe
final class SecureContext: @unchecked Sendable {
    let raw: OpaquePointer

    /// - Parameter method: `TLS_server_method()` or `TLS_client_method()`.
    init(_ method: OpaquePointer) {
        guard let context = unsafe SSL_CTX_new(method) else { preconditionFailure("OpenSSL has no memory") }
        unsafe raw = context
        let code = unsafe cordee_ssl_set_floor(context)
        precondition(code == 1, "OpenSSL knows TLS 1.2")
        unsafe cordee_ssl_set_options(context)
        unsafe SSL_CTX_set_num_tickets(context, 0)
        // Without one it would ask at the terminal.
        unsafe SSL_CTX_set_default_passwd_cb(context, noPassword)
    }

    deinit { unsafe SSL_CTX_free(raw) }

    /// Takes a certificate with those between it and its root, and its key.
    func use(certificate: String, key: String) throws(TLSFileError) {
        try Self.checkFile(certificate)
        OpenSSLError.clear()
        guard unsafe SSL_CTX_use_certificate_chain_file(raw, certificate) == 1 else {
            throw TLSFileError(path: certificate, reason: "no certificate: \(OpenSSLError.take().text)")
        }
        let mode = try Self.checkFile(key)
        guard mode & 0o007 == 0 else {
            throw TLSFileError(path: key, reason: "everybody may read or write this key: chmod o-rwx it")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(raw, key, SSL_FILETYPE_PEM) == 1 else {
            let (reason, text) = OpenSSLError.take()
            let isOther = reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH
            throw TLSFileError(
                path: key, reason: isOther ? "not the key of \(certificate)" : "no private key: \(text)")
        }
        guard unsafe SSL_CTX_check_private_key(raw) == 1 else {
            _ = OpenSSLError.take()
            throw TLSFileError(path: key, reason: "not the key of \(certificate)")
        }
    }

    /// Trusts peers whose certificate is signed by one of a file's.
    func trust(_ authorities: String) throws(TLSFileError) {
        try Self.checkFile(authorities)
        OpenSSLError.clear()
        guard unsafe SSL_CTX_load_verify_locations(raw, authorities, nil) == 1 else {
            throw TLSFileError(path: authorities, reason: "no certificate: \(OpenSSLError.take().text)")
        }
    }

    /// The subject of its own certificate.
    var subject: String? {
        guard let certificate = unsafe SSL_CTX_get0_certificate(raw) else { return nil }
        return unsafe Certificate.subject(of: certificate)
    }

    /// Says in the system's words why a file cannot be read; gives its permissions.
    @discardableResult
    private static func checkFile(_ path: String) throws(TLSFileError) -> mode_t {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw TLSFileError(path: path, reason: unsafe String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else {
            throw TLSFileError(path: path, reason: unsafe String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TLSFileError(path: path, reason: "not a file") }
        return status.st_mode
    }
}

private func noPassword(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32, _ data: UnsafeMutableRawPointer?
) -> Int32 {
    0
}
