import COpenSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A certificate authority that lives as long as a test, with its files in the test's folder. Keys are P-256.
public final class TestAuthority {
    /// OpenSSL refused a step.
    public struct Failed: Error { public let step: String }

    /// The paths of a certificate and its key, PEM.
    public struct Identity: Sendable {
        public let certificate: String
        public let key: String
    }

    /// Of its own certificate, PEM.
    public let path: String
    private let folder: TemporaryFolder
    private let certificate: OpaquePointer
    private let key: OpaquePointer

    /// - Parameter name: of its file too; different ones for two authorities in one folder.
    public init(named name: String = "authority", in folder: TemporaryFolder) throws {
        self.folder = folder
        key = try Self.makeKey()
        certificate = try Self.makeCertificate([("CN", name)], key, validFrom: -3_600, validUntil: 3_600)
        try Self.add(NID_basic_constraints, "critical,CA:TRUE", to: certificate, issuer: certificate)
        try Self.add(NID_key_usage, "critical,keyCertSign,cRLSign", to: certificate, issuer: certificate)
        try Self.sign(certificate, issuer: certificate, key)
        path = folder.file("\(name).pem")
        try Self.write(path) { PEM_write_bio_X509($0, certificate) }
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// Makes a certificate with a key of its own.
    ///
    /// - Parameters:
    ///   - name: of the two files.
    ///   - subject: attributes in the order of the certificate, the outermost first.
    ///   - hosts: as OpenSSL writes them: "DNS:localhost".
    ///   - validUntil: seconds from now; negative for one that has expired.
    public func issue(
        _ name: String, subject: [(String, String)] = [("CN", "localhost")],
        hosts: [String] = ["DNS:localhost", "IP:127.0.0.1"], validUntil: Int = 3_600
    ) throws -> Identity {
        let ownKey = try Self.makeKey()
        defer { EVP_PKEY_free(ownKey) }
        let own = try Self.makeCertificate(subject, ownKey, validFrom: -7_200, validUntil: validUntil)
        defer { X509_free(own) }
        if !hosts.isEmpty {
            try Self.add(NID_subject_alt_name, hosts.joined(separator: ","), to: own, issuer: certificate)
        }
        try Self.sign(own, issuer: certificate, key)
        let identity = Identity(certificate: folder.file("\(name).pem"), key: folder.file("\(name).key"))
        try Self.write(identity.certificate) { PEM_write_bio_X509($0, own) }
        try Self.write(identity.key) { PEM_write_bio_PrivateKey($0, ownKey, nil, nil, 0, nil, nil) }
        chmod(identity.key, 0o600)
        return identity
    }

    private static func check(_ step: String, _ code: Int32) throws { guard code > 0 else { throw Failed(step: step) } }

    private static func makeKey() throws -> OpaquePointer {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        try check("curve", EVP_PKEY_keygen_init(context))
        try check("curve", EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1))
        try check("key", EVP_PKEY_keygen(context, &key))
        guard let key else { throw Failed(step: "key") }
        return key
    }

    private static func makeCertificate(
        _ subject: [(String, String)], _ key: OpaquePointer, validFrom: Int, validUntil: Int
    ) throws -> OpaquePointer {
        guard let made = X509_new() else { throw Failed(step: "certificate") }
        X509_set_version(made, Int(X509_VERSION_3))
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), UInt64.random(in: 1...UInt64(Int64.max)))
        X509_gmtime_adj(X509_getm_notBefore(made), validFrom)
        X509_gmtime_adj(X509_getm_notAfter(made), validUntil)
        for (name, value) in subject {
            try check(
                name, X509_NAME_add_entry_by_txt(X509_get_subject_name(made), name, MBSTRING_UTF8, value, -1, -1, 0))
        }
        try check("key", X509_set_pubkey(made, key))
        return made
    }

    private static func add(
        _ kind: Int32, _ value: String, to certificate: OpaquePointer, issuer: OpaquePointer
    ) throws {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
        guard let made = X509V3_EXT_conf_nid(nil, &context, kind, value) else { throw Failed(step: value) }
        defer { X509_EXTENSION_free(made) }
        try check(value, X509_add_ext(certificate, made, -1))
    }

    private static func sign(_ certificate: OpaquePointer, issuer: OpaquePointer, _ key: OpaquePointer) throws {
        try check("issuer", X509_set_issuer_name(certificate, X509_get_subject_name(issuer)))
        try check("signature", X509_sign(certificate, key, EVP_sha256()))
    }

    private static func write(_ path: String, _ body: (OpaquePointer) -> Int32) throws {
        guard let file = BIO_new_file(path, "w") else { throw Failed(step: path) }
        defer { BIO_free(file) }
        try check(path, body(file))
    }
}
