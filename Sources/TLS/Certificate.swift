import COpenSSL
import EventLoop

/// What is read of a certificate.
enum Certificate {
    /// SHA-256.
    private static let fingerprintByteCount = 32

    /// The peer's, if it has shown one and it was verified.
    static func ofPeer(_ ssl: OpaquePointer) -> PeerCertificate? {
        guard let certificate = unsafe SSL_get0_peer_certificate(ssl) else { return nil }
        guard unsafe SSL_get_verify_result(ssl) == Int(X509_V_OK) else { return nil }
        return unsafe PeerCertificate(subject: subject(of: certificate), fingerprint: fingerprint(of: certificate))
    }

    /// RFC 4514.
    static func subject(of certificate: OpaquePointer) -> String {
        guard let text = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(text) }
        guard unsafe cordee_print_name(text, X509_get_subject_name(certificate)) >= 0 else { return "" }
        var bytes: UnsafeMutablePointer<CChar>? = nil
        let count = unsafe cordee_bio_bytes(text, &bytes)
        return unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    private static func fingerprint(of certificate: OpaquePointer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: fingerprintByteCount)
        let code = unsafe X509_digest(certificate, EVP_sha256(), &bytes, nil)
        precondition(code == 1, "a certificate that was read can be written")
        return bytes
    }
}
