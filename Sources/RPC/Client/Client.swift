public import EventLoop
import SwiftProtobuf

/// A way to one server, for any number of calls at once, from any thread.
///
/// It is connected while there are calls: after a loss, and at the end of a connection's stream ids, it connects again by
/// itself (`ClientOptions`). Calls that only read are sent again then, and so are those that write: each has a key by which
/// the server carries it out once, and answers again what it answered then (`CallOptions.idempotencyKey`). When the last reference is gone, the stream's included,
/// it is closed.
public final class Client: Sendable {
    private let target: ClientTarget
    private let keeper: LoopBound<ConnectionKeeper>
    private var loop: EventLoop { target.loop }

    /// A client that connects with its first call.
    ///
    /// - Parameters:
    ///   - loop: of the caller, who stops it after `close`.
    ///   - layer: put on each connection, as TLS is.
    public init(
        to address: SocketAddress, on loop: EventLoop, options: ClientOptions = ClientOptions(),
        through layer: @escaping TransportLayer = { $0 }
    ) {
        target = ClientTarget(address: address, loop: loop, options: options, layer: layer)
        keeper = LoopBound(handing: ConnectionKeeper(target), to: loop)
    }

    deinit { loop.execute { [keeper] in keeper.value.close(.closed) } }

    /// As `init`, and connects now.
    ///
    /// - Throws: how the one attempt ended, `ClientError.closed` if the task was cancelled meanwhile.
    public static func connect(
        to address: SocketAddress, on loop: EventLoop, options: ClientOptions = ClientOptions(),
        through layer: @escaping TransportLayer = { $0 }
    ) async throws(ClientError) -> Client {
        let client = Client(to: address, on: loop, options: options, through: layer)
        try await client.connect()
        return client
    }

    /// Connects now, if it is not connected.
    ///
    /// - Throws: how the one attempt ended, `ClientError.closed` if the task was cancelled meanwhile: the client is then.
    public func connect() async throws(ClientError) {
        let failure: ClientError? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken = loop.submit { [keeper] in keeper.value.connect { continuation.resume(returning: $0) } }
                if !isTaken { continuation.resume(returning: .closed) }
            }
        } onCancel: {
            loop.execute { [keeper] in keeper.value.close(.closed) }
        }
        if let failure { throw failure }
    }

    /// Closes all connections; open calls fail with `ClientError.closed`, later ones too. Idempotent.
    public func close() async {
        await withCheckedContinuation { continuation in
            let isTaken = loop.submit { [keeper] in keeper.value.close(.closed) { continuation.resume() } }
            if !isTaken { continuation.resume() }
        }
    }

    // MARK: Calls

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
        let options = options.completed(isReadOnly: method.isReadOnly)
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
        let request = OutgoingRequest(service, method, payload, .unary, options)
        var tries = 1
        var isLost = false
        while true {
            do {
                return try await send(request)
            } catch {
                guard let delay = repeatDelay(after: error, tries, request) else {
                    // That there is no new connection tells nothing of what became of the call on the old one.
                    if isLost, error is ClientError { throw ClientError.connectionLost }
                    throw (error as? UnsentCall)?.reason ?? error
                }
                if case ClientError.connectionLost = error { isLost = true }
                if delay > .zero { try await loop.sleep(for: delay) }
                tries += 1
            }
        }
    }

    /// The reason of a server that does not know whether it has kept a write; by the call's key it finds out.
    private static let commitUnknown = "COMMIT_UNKNOWN"

    /// How long to wait before a call that failed is sent again; nil if it must not be.
    private func repeatDelay(after error: any Error, _ tries: Int, _ request: OutgoingRequest) -> Duration? {
        guard tries < target.options.triesMax else { return nil }
        let isRepeatable = request.options.allowsRepeat
        switch error {
        case is UnsentCall: return .zero
        // The next connection waits as long as it must.
        case ClientError.connectionLost where isRepeatable && target.options.reconnects: return .zero
        case let status as Status where isRepeatable && status.code == .unavailable:
            let backoff = target.options.backoff
            guard let least = status.retryDelay, least <= backoff.cap else { return nil }
            let delay = max(least, .zero) + backoff.delay(afterFailures: tries)
            return request.allows(EventLoop.instant(after: delay)) ? delay : nil
        case let status as Status where status.reason == Self.commitUnknown && request.options.idempotencyKey != nil:
            let delay = target.options.backoff.delay(afterFailures: tries)
            return isRepeatable && request.allows(EventLoop.instant(after: delay)) ? delay : nil
        default: return nil
        }
    }

    private func send(_ request: OutgoingRequest) async throws -> [UInt8] {
        let call = LoopBound(handing: PendingCall(), to: loop)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isTaken = loop.submit { [keeper] in
                    guard call.value.begin(continuation) else { return }
                    keeper.value.send(request, for: call.value)
                }
                if !isTaken { continuation.resume(throwing: ClientError.closed) }
            }
        } onCancel: {
            loop.execute { call.value.cancel() }
        }
    }

    /// Opens a stream, when there is a connection; what goes wrong afterwards is told by reading it.
    func open(_ request: OutgoingRequest) async throws -> StreamHandle {
        let call = LoopBound(handing: PendingCall(), to: loop)
        let bounds = target.options.streamBuffer
        let connection = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (opening: PendingCall.Opening) in
                let isTaken = loop.submit { [keeper] in
                    guard call.value.begin(ClientStream(request.kind, bounds), opening) else { return }
                    keeper.value.send(request, for: call.value)
                }
                if !isTaken { opening.resume(throwing: ClientError.closed) }
            }
        } onCancel: {
            loop.execute { call.value.cancel() }
        }
        return StreamHandle(call, on: connection, of: self, isJSON: request.options.isJSON)
    }
}
