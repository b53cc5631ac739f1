import COpenSSL

/// OpenSSL's errors wait in a queue of the thread: it is emptied before each operation and read after one that failed.
enum OpenSSLError {
    static func clear() { ERR_clear_error() }

    /// Takes the reason of what has just failed: its code and its text.
    static func take() -> (reason: Int32, text: String) {
        defer { ERR_clear_error() }
        let code = ERR_peek_error()
        guard code != 0 else { return (0, "no reason is given") }
        let reason = ERR_GET_REASON(code)
        guard let text = unsafe ERR_reason_error_string(code) else { return (reason, "error \(code)") }
        return (reason, unsafe String(cString: text))
    }
}

extension TLSFailure {
    /// Of an operation of TLS that has just failed.
    ///
    /// - Parameter verification: what looking at the peer's certificate gave, of `SSL_get_verify_result`.
    static func take(verification: Int) -> TLSFailure {
        let (reason, text) = OpenSSLError.take()
        switch reason {
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            guard let detail = unsafe X509_verify_cert_error_string(verification) else { return .certificate(text) }
            return .certificate("\(text): \(unsafe String(cString: detail))")
        // The last ones are what the peer says of ours.
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
            SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
            SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV1_ALERT_UNKNOWN_CA,
            SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return .certificate(text)
        default: return .protocolFault(text)
        }
    }
}
