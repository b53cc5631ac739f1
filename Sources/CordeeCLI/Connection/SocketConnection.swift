import CordeeClient
import EventLoop
import RPC
import TLS

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connection over the daemon's Unix socket, or to it by TLS.
final class SocketConnection: Connection {
    private let client: CordeeClient
    private let target: ConnectionTarget
    private let security: TLSClientContext?

    private init(_ client: CordeeClient, _ target: ConnectionTarget, _ security: TLSClientContext?) {
        (self.client, self.target, self.security) = (client, target, security)
    }

    /// - Throws: `.noDaemon` naming the socket and what the system said; `.here` for an address or a file that is wrong.
    static func connect(to target: ConnectionTarget) async throws(Failure) -> SocketConnection {
        let address = try DaemonAddress(target.socket)
        let security = try security(for: address, target.trust)
        var (candidates, detail): ([CordeeClient.Address], String)
        var layer: TransportLayer = { $0 }
        switch address {
        case .unix(let path): (candidates, detail) = ([.unix(path: path)], "")
        case .tls(let host, let port):
            (candidates, detail) = DaemonAddress.look(up: host, port: port)
            if let security { layer = security.layer(host: host) }
        }
        var failure = Failure.noDaemon(socket: target.socket, detail: detail)
        for candidate in candidates {
            do throws(ClientError) {
                return SocketConnection(try await client(to: candidate, target, through: layer), target, security)
            } catch {
                failure = notConnected(error, to: target.socket)
            }
        }
        throw failure
    }

    private static func client(
        to address: CordeeClient.Address, _ target: ConnectionTarget, through layer: @escaping TransportLayer
    ) async throws(ClientError) -> CordeeClient {
        var options = CordeeClient.Options()
        // A person waits: a daemon that starts anew is waited for, one that is gone is not.
        options.backoff = Backoff(initial: .milliseconds(50), cap: .seconds(1))
        options.connectionWaitMax = .seconds(5)
        let defaults = CallOptions(timeout: target.timeout, acceptLanguage: target.language.rawValue)
        return try await CordeeClient.connect(to: address, defaults: defaults, options: options, through: layer)
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

    /// Why there is no connection; a closed door is not the same as an empty house.
    static func notConnected(_ error: ClientError, to socket: String) -> Failure {
        if case .connectFailed(let cause) = error, cause.code == EACCES {
            return .here(.notAllowed, Texts.socketDenied(socket))
        }
        return .noDaemon(socket: socket, detail: "\(error)")
    }

    func call(
        service: String, method: String, json: [UInt8], _ repetition: Repetition
    ) async throws(Failure) -> [UInt8] {
        try await call(service, method, json, options(repetition))
    }

    func ask(service: String, method: String, protobuf: [UInt8]) async throws(Failure) -> [UInt8] {
        var options = options(.read)
        (options.token, options.isJSON) = (nil, false)
        return try await call(service, method, protobuf, options)
    }

    private func options(_ repetition: Repetition) -> CallOptions {
        var options = client.defaults
        (options.token, options.isJSON) = (target.token, true)
        switch repetition {
        case .read: options.isRepeatable = true
        case .write(let key): options.idempotencyKey = key
        case .never: options.isRepeatable = false
        }
        return options
    }

    private func call(
        _ service: String, _ method: String, _ payload: [UInt8], _ options: CallOptions
    ) async throws(Failure) -> [UInt8] {
        do {
            return try await client.call(service: service, method: method, payload: payload, options)
        } catch {
            throw failure(error)
        }
    }

    /// How often a stream of which nothing has come yet is begun at most.
    private static let streamTriesMax = 4

    func stream(
        service: String, method: String, _ kind: StreamingKind, _ requests: [JSON], _ repetition: Repetition,
        _ receive: ([UInt8]) throws(Failure) -> Void
    ) async throws(Failure) {
        var tries = 1
        while true {
            var hasReceived = false
            do {
                return try await streamOnce(service, method, kind, requests, options(repetition)) { answer in
                    hasReceived = true
                    try receive(answer)
                }
            } catch let error as Failure {
                throw error
            } catch ClientError.connectionLost
                where repetition != .never && !hasReceived && tries < Self.streamTriesMax
            {
                // The next connection waits as long as it must.
                tries += 1
            } catch {
                throw failure(error)
            }
        }
    }

    private func streamOnce(
        _ service: String, _ method: String, _ kind: StreamingKind, _ requests: [JSON], _ options: CallOptions,
        _ receive: ([UInt8]) throws -> Void
    ) async throws {
        let sendsMany = kind != .server
        let first = sendsMany ? [] : Array((requests.first ?? .object([])).line.utf8)
        let stream = try await client.stream(service: service, method: method, kind, request: first, options)
        // Beside the reading: a method that answers meanwhile must not wait for who does not read.
        let sending = Task { () -> (any Error)? in
            guard sendsMany else { return nil }
            do {
                for request in requests { try await stream.send(Array(request.line.utf8)) }
                try await stream.finish()
                return nil
            } catch {
                // No-op on a stream that is over; else nothing would end the reading.
                stream.cancel()
                return error
            }
        }
        defer { sending.cancel() }
        do {
            for try await answer in stream { try receive(answer) }
        } catch {
            stream.cancel()
            if let cause = await sending.value, case ClientError.requestTooLarge = cause { throw cause }
            throw error
        }
    }

    func close() async { await client.close() }

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
