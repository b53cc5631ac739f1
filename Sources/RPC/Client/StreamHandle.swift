import EventLoop

/// A caller's hold on its stream, from any thread: when the last one lets go, a stream that is not over is cancelled.
final class StreamHandle: Sendable {
    private let call: LoopBound<PendingCall>
    private let connection: LoopBound<ClientConnection>
    /// Whoever lets go of the client goes on with its streams.
    private let client: Client
    let isJSON: Bool

    init(
        _ call: LoopBound<PendingCall>, on connection: LoopBound<ClientConnection>, of client: Client, isJSON: Bool
    ) {
        (self.call, self.connection, self.client, self.isJSON) = (call, connection, client, isJSON)
    }

    deinit { cancel() }

    func cancel() { call.loop.execute { [call] in call.value.cancel() } }

    /// All messages that have come, at least one; none at the end of the stream.
    func read() async throws -> [[UInt8]] {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { reader in
                let isTaken = call.loop.submit { [call, connection] in
                    guard let stream = call.value.stream else {
                        return reader.resume(throwing: ClientError.closed)
                    }
                    stream.read(reader)
                    connection.value.endStall(of: call.value)
                }
                if !isTaken { reader.resume(throwing: ClientError.closed) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Sends a message, or with nil that there is none any more; returns when there is room for the next.
    func send(_ message: [UInt8]?) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (sent: CheckedContinuation<Void, any Error>) in
                let isTaken = call.loop.submit { [call, connection] in
                    connection.value.send(message, on: call.value, sent)
                }
                if !isTaken { sent.resume(throwing: ClientError.closed) }
            }
        } onCancel: {
            cancel()
        }
    }
}
