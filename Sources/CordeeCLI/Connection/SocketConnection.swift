import CordeeClient
import EventLoop
import RPC

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connection over the daemon's Unix socket.
final class SocketConnection: Connection {
    private let client: CordeeClient
    private let target: ConnectionTarget

    private init(_ client: CordeeClient, _ target: ConnectionTarget) {
        (self.client, self.target) = (client, target)
    }

    /// - Throws: `.noDaemon` naming the socket and what the system said.
    static func connect(to target: ConnectionTarget) async throws(Failure) -> SocketConnection {
        var options = CordeeClient.Options()
        // A person waits: what is lost is told at once.
        options.reconnects = false
        do throws(ClientError) {
            let defaults = CallOptions(timeout: target.timeout, acceptLanguage: target.language.rawValue)
            let client = try await CordeeClient.connect(
                to: .unix(path: target.socket), defaults: defaults, options: options)
            return SocketConnection(client, target)
        } catch {
            throw notConnected(error, to: target.socket)
        }
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
        var options = client.defaults
        (options.token, options.isJSON) = (token, isJSON)
        do {
            return try await client.call(service: service, method: method, payload: payload, options)
        } catch {
            throw Self.failure(error)
        }
    }

    func close() async { await client.close() }

    private static func failure(_ error: any Error) -> Failure {
        switch error {
        case let status as Status: .refused(status)
        case ClientError.requestTooLarge(let byteCount, let max):
            .value(Texts.requestTooLarge(byteCount: byteCount, bytesMax: max))
        case let error as ClientError: .connectionLost(detail: "\(error)")
        default: .connectionLost(detail: "\(error)")
        }
    }
}
