import EventLoop
import Logging
import Metrics
import TLS

/// The certificate that TCP is served with, and the files that it comes from.
struct ServedCertificate: Sendable {
    private let files: TLSServerFiles
    private let server: TLSServer
    /// Of the certificate that the daemon began with.
    let subject: String

    /// Nil when TCP is not to be served by TLS.
    ///
    /// - Throws: a key that misses another one, or a file that cannot be used.
    init?(_ configuration: Configuration, metrics: MetricsRegistry) throws(StartError) {
        guard !configuration.tcpAddress.isEmpty, let files = try Self.files(of: configuration) else { return nil }
        do throws(TLSFileError) {
            let context = try TLSServerContext(files)
            server = TLSServer(context, handshakeTimeout: configuration.tlsHandshakeTimeout, metrics: metrics)
            subject = context.subject
        } catch {
            throw .file(path: error.path, reason: error.reason)
        }
        self.files = files
    }

    /// For the connections of the TCP socket.
    var layer: TransportLayer { server.layer }

    private static func files(of configuration: Configuration) throws(StartError) -> TLSServerFiles? {
        let (certificate, key) = (configuration.tlsCertificate, configuration.tlsKey)
        let (authorities, clients) = (configuration.tlsClientCA, configuration.tlsClientCertificate)
        guard !certificate.isEmpty else {
            if !key.isEmpty { throw .tls(key: "listen.tls_key", reason: "listen.tls_certificate is missing") }
            if !authorities.isEmpty || clients == .required {
                throw .tls(key: "listen.tls_client_ca", reason: "listen.tls_certificate is missing")
            }
            return nil
        }
        guard !key.isEmpty else { throw .tls(key: "listen.tls_certificate", reason: "listen.tls_key is missing") }
        if clients == .required, authorities.isEmpty {
            throw .tls(key: "listen.tls_client_certificate", reason: "required, but listen.tls_client_ca is missing")
        }
        return TLSServerFiles(
            certificate: certificate, key: key, clientAuthorities: authorities.isEmpty ? nil : authorities,
            clients: clients)
    }

    /// Reads the files again, for the connections to come; not on a loop. Files that are wrong change nothing.
    func readAnew(_ logger: Logger) {
        do throws(TLSFileError) {
            let fresh = try TLSServerContext(files)
            server.replace(fresh)
            logger.notice("certificate read anew", metadata: ["subject": "\(fresh.subject)"])
        } catch {
            logger.error("certificate kept: the new one is wrong", metadata: ["error": "\(error)"])
        }
    }
}
