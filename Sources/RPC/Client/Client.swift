public import EventLoop
import SwiftProtobuf

/// One connection to a server, for any number of calls at once, from any thread.
public final class Client: Sendable {
    private let loop: EventLoop
    private let connection: LoopBound<ClientConnection>

    private init(_ connection: LoopBound<ClientConnection>) {
        (self.connection, loop) = (connection, connection.loop)
    }

    /// Connects to a server; the loop is the caller's.
    ///
    /// - Parameter layer: put on the connection, as TLS is.
    public static func connect(
        to address: SocketAddress, on loop: EventLoop, options: ClientOptions = ClientOptions(),
        through layer: @escaping TransportLayer = { $0 }
    ) async throws(ClientError) -> Client {
        try await connect(to: address, on: loop, options, through: layer, firstStreamID: 1)
    }

    static func connect(
        to address: SocketAddress, on loop: EventLoop, _ options: ClientOptions,
        through layer: @escaping TransportLayer = { $0 }, firstStreamID: UInt32
    ) async throws(ClientError) -> Client {
        let result = await withCheckedContinuation { continuation in
            loop.execute {
                let attempt = ConnectAttempt(continuation)
                if let timeout = options.connectTimeout {
                    attempt.timer = loop.schedule(after: timeout) {
                        attempt.finish(.failure(.connectTimeout(address)))
                    }
                }
                Stream.connect(to: address, on: loop) { result in
                    attempt.connected(result.map(layer), on: loop, options, firstStreamID: firstStreamID)
                }
            }
        }
        return Client(try result.get())
    }

    /// Calls a method and waits for its answer.
    ///
    /// - Throws: `Status`, if the server answered with an error; `ClientError`, if there is no answer;
    ///   `CancellationError`, if the caller's task is cancelled: the call may be carried out all the same.
    public func call<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions = CallOptions()
    ) async throws -> Response {
        let payload: [UInt8]
        if options.isJSON {
            payload = try request.jsonUTF8Bytes()
        } else {
            payload = try request.serializedBytes(partial: true)
        }
        let answer = try await call(service: method.service, method: method.name, payload: payload, options)
        do {
            return options.isJSON
                ? try Response(jsonUTF8Bytes: answer) : try Response(serializedBytes: answer, partial: true)
        } catch {
            throw ClientError.malformedAnswer("\(error)")
        }
    }

    /// As the typed call, with messages that are encoded already, by the codec that the options name.
    public func call(
        service: String, method: String, payload: [UInt8], _ options: CallOptions = CallOptions()
    ) async throws -> [UInt8] {
        let request = ClientConnection.Request(service: service, method: method, payload: payload, options: options)
        let pending = LoopBound(handing: PendingCall(), to: loop)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.execute { [connection] in
                    guard pending.value.begin(continuation, on: connection.value) else { return }
                    connection.value.send(request, for: pending.value)
                }
            }
        } onCancel: {
            loop.execute { pending.value.cancel() }
        }
    }

    /// Opens a stream; what goes wrong is told by reading it.
    func open(_ request: ClientConnection.Request, _ kind: StreamingKind) async throws -> StreamHandle {
        try Task.checkCancellation()
        let call = LoopBound(handing: PendingCall(), to: loop)
        loop.execute { [connection] in connection.value.open(request, kind, as: call.value) }
        return StreamHandle(call, on: connection, isJSON: request.options.isJSON)
    }

    /// Closes the connection; open calls fail with `ClientError.closed`. Idempotent.
    public func close() async {
        await withCheckedContinuation { continuation in
            loop.execute { [connection] in connection.value.close(.closed) { continuation.resume() } }
        }
    }
}

/// One attempt to connect, on the loop; the first of connection and timeout ends it.
private final class ConnectAttempt {
    typealias Outcome = Result<LoopBound<ClientConnection>, ClientError>

    var timer: Timer?
    private var continuation: CheckedContinuation<Outcome, Never>?

    init(_ continuation: CheckedContinuation<Outcome, Never>) { self.continuation = continuation }

    func connected(
        _ result: Result<any Transport, EventLoopError>, on loop: EventLoop, _ options: ClientOptions,
        firstStreamID: UInt32
    ) {
        switch result {
        case .failure(let error): finish(.failure(.connectFailed(error)))
        case .success(let stream):
            guard continuation != nil else { return stream.close(nil) }
            let connection = ClientConnection(stream, on: loop, options, firstStreamID: firstStreamID)
            connection.start()
            finish(.success(LoopBound(connection, on: loop)))
        }
    }

    func finish(_ outcome: Outcome) {
        timer.take()?.cancel()
        continuation.take()?.resume(returning: outcome)
    }
}
