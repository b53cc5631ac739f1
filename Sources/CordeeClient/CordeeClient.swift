public import EventLoop
public import RPC

/// A way to a Cordée daemon for any program: it brings its own thread, connects again by itself, and needs nothing else.
///
/// Methods and messages come from the module's API library:
/// ```swift
/// import CordeeClient
/// import SwiftProtobuf  // `.with`
/// import WorkshopsAPI
///
/// let cordee = try await CordeeClient.connect(
///     to: .unix(path: "/run/cordee/cordee.sock"),
///     defaults: .init(timeout: .seconds(10), token: token, acceptLanguage: "fr-CA"))
/// let workshop = try await cordee.call(WorkshopsMethods.getWorkshop, .with { $0.name = name })
/// await cordee.close()
/// ```
/// A call that fails throws a `Status` of the daemon, a `ClientError` if there is no answer, or `CancellationError` if its
/// task is cancelled. Copies share the connection; each may have its own defaults:
/// ```swift
/// var english = cordee
/// english.defaults.acceptLanguage = "en"
/// ```
public struct CordeeClient: Sendable {
    /// Where a daemon listens.
    public enum Address: Sendable, Hashable {
        /// A path in the file system, at most 107 bytes.
        case unix(path: String)
        /// A numeric IPv4 or IPv6 address, without brackets.
        case tcp(host: String, port: UInt16)

        var socket: SocketAddress {
            switch self {
            case .unix(let path): .unix(path: path)
            case .tcp(let host, let port): .tcp(host: host, port: port)
            }
        }
    }

    /// Reconnection, bounds and buffers.
    public typealias Options = ClientOptions

    /// What a call says that is given no options of its own: its timeout, token and language.
    public var defaults: CallOptions
    private let client: Client
    private let loop: EventLoop

    /// A client that connects with its first call.
    ///
    /// - Parameter layer: put on each connection, as TLS is.
    /// - Throws: `.connectFailed`, if the process has no descriptors or threads left.
    public init(
        to address: Address, defaults: CallOptions = CallOptions(), options: Options = Options(),
        through layer: @escaping TransportLayer = { $0 }
    ) throws(ClientError) {
        do throws(EventLoopError) {
            loop = try EventLoop.start(EventLoop.Options(name: "cordee client"))
        } catch {
            throw .connectFailed(error)
        }
        client = Client(to: address.socket, on: loop, options: options, through: layer)
        self.defaults = defaults
    }

    /// A client that is connected.
    ///
    /// - Throws: why the one attempt failed; a daemon that is not there yet is waited for by `init` and a call.
    public static func connect(
        to address: Address, defaults: CallOptions = CallOptions(), options: Options = Options(),
        through layer: @escaping TransportLayer = { $0 }
    ) async throws(ClientError) -> CordeeClient {
        let client = try CordeeClient(to: address, defaults: defaults, options: options, through: layer)
        do throws(ClientError) {
            try await client.client.connect()
        } catch {
            await client.close()
            throw error
        }
        return client
    }

    /// Ends open calls with `ClientError.closed`, closes all connections and ends the thread, for all copies; later calls
    /// fail. Idempotent. A client that is not closed keeps its thread.
    public func close() async {
        await client.close()
        loop.stop()
    }

    // MARK: Calls

    /// Calls a method and waits for its answer.
    ///
    /// - Parameter options: instead of the defaults.
    public func call<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions? = nil
    ) async throws -> Response {
        try await client.call(method, request, options ?? defaults)
    }

    /// As the typed call, with messages that are encoded already, by the codec that the options name.
    public func call(
        service: String, method: String, payload: [UInt8], _ options: CallOptions? = nil
    ) async throws -> [UInt8] {
        try await client.call(service: service, method: method, payload: payload, options ?? defaults)
    }

    /// Opens a stream by its path, for messages that are encoded already.
    ///
    /// - Parameter request: the one message of a method whose client does not stream.
    public func stream(
        service: String, method: String, _ kind: StreamingKind, request: [UInt8] = [], _ options: CallOptions? = nil
    ) async throws -> RawStream {
        try await client.stream(service: service, method: method, kind, request: request, options ?? defaults)
    }

    /// Calls a method that answers with any number of messages.
    public func serverStream<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions? = nil
    ) async throws -> ResponseStream<Response> {
        try await client.serverStream(method, request, options ?? defaults)
    }

    /// Calls a method that takes any number of messages: those that `body` sends, until it returns. It has a connection
    /// of its own, unless the options say otherwise.
    public func clientStream<Request, Response>(
        _ method: Method<Request, Response>, _ options: CallOptions? = nil,
        _ body: (RequestSender<Request>) async throws -> Void
    ) async throws -> Response {
        try await client.clientStream(method, options ?? defaults, body)
    }

    /// Calls a method that takes and gives any number of messages.
    public func bothStreams<Request, Response>(
        _ method: Method<Request, Response>, _ options: CallOptions? = nil
    ) async throws -> (requests: RequestSender<Request>, responses: ResponseStream<Response>) {
        try await client.bothStreams(method, options ?? defaults)
    }
}
