public import SwiftProtobuf

/// The messages of a server, in order; iterating throws the `Status` with which the stream ends, if it ends badly.
///
/// What is not taken is held within bounds (`ClientOptions`), then the connection is not read. A stream that is dropped
/// before its end, or whose reader's task is cancelled, is cancelled at the server.
public struct ResponseStream<Response: Message & Sendable>: AsyncSequence, Sendable {
    let handle: StreamHandle

    public func makeAsyncIterator() -> Iterator { Iterator(handle: handle) }

    /// Ends the stream now.
    public func cancel() { handle.cancel() }

    public struct Iterator: AsyncIteratorProtocol {
        let handle: StreamHandle
        private var held: ArraySlice<[UInt8]> = []

        init(handle: StreamHandle) { self.handle = handle }

        public mutating func next() async throws -> Response? {
            if held.isEmpty { held = try await handle.read()[...] }
            guard let message = held.popFirst() else { return nil }
            do {
                return handle.isJSON
                    ? try Response(jsonUTF8Bytes: message) : try Response(serializedBytes: message, partial: true)
            } catch {
                throw ClientError.malformedAnswer("\(error)")
            }
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Response? {
            try await next()
        }
    }
}

/// Where a caller puts the messages of its stream.
public struct RequestSender<Request: Message & Sendable>: Sendable {
    let handle: StreamHandle

    /// Sends one message; returns when the server has taken enough of those before it.
    ///
    /// - Throws: why the stream is over, if it is: a `Status` of the server, a `ClientError`, or `CancellationError`.
    public func send(_ message: Request) async throws {
        let bytes: [UInt8] =
            try handle.isJSON ? message.jsonUTF8Bytes() : message.serializedBytes(partial: true)
        try await handle.send(bytes)
    }

    /// Says that no more messages follow.
    public func finish() async throws { try await handle.send(nil) }
}
