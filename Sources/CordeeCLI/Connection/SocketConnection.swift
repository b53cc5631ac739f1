import EventLoop
import RPC
import TLS

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connection over the daemon's Unix socket, or to it by TLS, on a loop of its own.
final class SocketConnection: Connection {
    private let client: Client
    private let loop: EventLoop
    private let target: ConnectionTarget
    private let security: TLSClientContext?

    private init(_ client: Client, _ loop: EventLoop, _ target: ConnectionTarget, _ security: TLSClientContext?) {
        (self.client, self.loop, self.target, self.security) = (client, loop, target, security)
    }

    /// - Throws: `.noDaemon` naming the socket and what the system said; `.here` for an address or a file that is wrong.
    static func connect(to target: ConnectionTarget) async throws(Failure) -> SocketConnection {
        let address = try DaemonAddress(target.socket)
        let security = try security(for: address, target.trust)
        let loop: EventLoop
        do throws(EventLoopError) {
            loop = try EventLoop.start(EventLoop.Options(name: "client"))
        } catch {
            throw .noDaemon(socket: target.socket, detail: "\(error)")
        }
        do throws(Failure) {
            let client = try await connect(to: address, target.socket, security, on: loop)
            return SocketConnection(client, loop, target, security)
        } catch {
            loop.stop()
            throw error
        }
    }

    /// Reads the files of TLS; nil for a Unix socket.
    private static func security(
        for address: DaemonAddress, _ trust: TrustFiles
    ) throws(Failure) -> TLSClientContext? {
        guard case .tls = address else { return nil }
        let identity: (certificate: String, key: String)?
        switch (trust.certificate, trust.key) {
        case (let certificate?, let key?): identity = (certificate, key)
        case (nil, nil): identity = nil
        case (nil, _?): throw .usage(Texts.missingArgument("--tls-certificate"))
        case (_?, nil): throw .usage(Texts.missingArgument("--tls-key"))
        }
        do throws(TLSFileError) {
            return try TLSClientContext(authorities: trust.authorities, identity: identity)
        } catch {
            throw .value(Texts.unusable(error.path, error.reason))
        }
    }

    private static func connect(
        to address: DaemonAddress, _ socket: String, _ security: TLSClientContext?, on loop: EventLoop
    ) async throws(Failure) -> Client {
        var (candidates, detail): ([SocketAddress], String)
        var layer: TransportLayer = { $0 }
        switch address {
        case .unix(let path): (candidates, detail) = ([.unix(path: path)], "")
        case .tls(let host, let port):
            (candidates, detail) = DaemonAddress.look(up: host, port: port)
            if let security { layer = security.layer(host: host) }
        }
        var failure = Failure.noDaemon(socket: socket, detail: detail)
        for candidate in candidates {
            do throws(ClientError) {
                return try await Client.connect(to: candidate, on: loop, through: layer)
            } catch {
                failure = notConnected(error, to: socket)
            }
        }
        throw failure
    }

    /// Why there is no connection; a closed door is not the same as an empty house.
    static func notConnected(_ error: ClientError, to socket: String) -> Failure {
        if case .connectFailed(let cause) = error, cause.code == EACCES {
            return .here(.notAllowed, Texts.socketDenied(socket))
        }
        return .noDaemon(socket: socket, detail: "\(error)")
    }

    func call(service: String, method: String, json: [UInt8]) async throws(Failure) -> [UInt8] {
        try await call(service, method, json, token: target.token, isJSON: true)
    }

    func ask(service: String, method: String, protobuf: [UInt8]) async throws(Failure) -> [UInt8] {
        try await call(service, method, protobuf, token: nil, isJSON: false)
    }

    private func call(
        _ service: String, _ method: String, _ payload: [UInt8], token: String?, isJSON: Bool
    ) async throws(Failure) -> [UInt8] {
        let options = CallOptions(
            timeout: target.timeout, token: token, acceptLanguage: target.language.rawValue, isJSON: isJSON)
        do {
            return try await client.call(service: service, method: method, payload: payload, options)
        } catch {
            throw failure(error)
        }
    }

    func close() async {
        await client.close()
        loop.stop()
    }

    private func failure(_ error: any Error) -> Failure {
        switch error {
        case let status as Status: .refused(status)
        case ClientError.requestTooLarge(let byteCount, let max):
            .value(Texts.requestTooLarge(byteCount: byteCount, bytesMax: max))
        case let error as ClientError:
            if let why = security?.lastFailure {
                .here(.unavailable, Texts.notSecure(target.socket, "\(why)"))
            } else {
                .connectionLost(detail: "\(error)")
            }
        default: .connectionLost(detail: "\(error)")
        }
    }
}
