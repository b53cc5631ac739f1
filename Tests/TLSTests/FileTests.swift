import TestSupport
import Testing

@testable import TLS

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("TLS: files that cannot be used are named with the reason")
struct FileTests {
    let folder: TemporaryFolder
    let own: TestAuthority.Identity
    let other: TestAuthority.Identity

    init() throws {
        folder = try TemporaryFolder()
        let authority = try TestAuthority(in: folder)
        (own, other) = (try authority.issue("own"), try authority.issue("other"))
    }

    private func refusal(certificate: String, key: String, authorities: String? = nil)
        -> TLSFileError?
    {
        do {
            _ = try TLSServerContext(
                TLSServerFiles(certificate: certificate, key: key, clientAuthorities: authorities))
            return nil
        } catch {
            return error
        }
    }

    @Test("a file that is not there")
    func missing() {
        let path = folder.file("nothing.pem")
        let error = TLSFileError(path: path, reason: "No such file or directory")
        #expect(refusal(certificate: path, key: own.key) == error)
        #expect(refusal(certificate: own.certificate, key: path) == error)
        #expect(refusal(certificate: own.certificate, key: own.key, authorities: path) == error)
    }

    @Test("a file of something else")
    func noise() throws {
        let path = try folder.write("Dear reader\n", to: "letter")
        chmod(path, 0o600)
        #expect(refusal(certificate: path, key: own.key)?.reason == "no certificate: no start line")
        #expect(refusal(certificate: own.certificate, key: path)?.path == path)
        #expect(refusal(certificate: own.certificate, key: own.key, authorities: path)?.path == path)
        #expect(refusal(certificate: folder.path, key: own.key)?.reason == "not a file")
    }

    @Test("the key of another certificate")
    func mismatch() {
        let error = TLSFileError(path: other.key, reason: "not the key of \(own.certificate)")
        #expect(refusal(certificate: own.certificate, key: other.key) == error)
    }

    @Test("a key that everybody may read", arguments: [mode_t(0o604), 0o602, 0o644])
    func openKey(mode: mode_t) {
        chmod(own.key, mode)
        #expect(
            refusal(certificate: own.certificate, key: own.key)?.reason.contains("chmod o-rwx") == true)
        chmod(own.key, 0o640)
        #expect(refusal(certificate: own.certificate, key: own.key) == nil)
    }
}
