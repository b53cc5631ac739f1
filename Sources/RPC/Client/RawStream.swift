/// A stream of messages that are encoded already, by the codec that the call's options name: for a program that knows
/// methods by their descriptors alone.
public struct RawStream: AsyncSequence, Sendable {
    let handle: StreamHandle

    /// Sends one message; returns when there is room for the next.
    ///
    /// - Throws: when the stream is over; why is told by reading it.
    public func send(_ message: [UInt8]) async throws { try await handle.send(message) }

    /// Says that no more messages follow.
    public func finish() async throws { try await handle.send(nil) }

    /// Ends the stream now.
    public func cancel() { handle.cancel() }

    public func makeAsyncIterator() -> Iterator { Iterator(handle: handle) }

    public struct Iterator: AsyncIteratorProtocol {
        let handle: StreamHandle
        private var held: ArraySlice<[UInt8]> = []

        init(handle: StreamHandle) { self.handle = handle }

        /// - Throws: the `Status` with which the stream ends, if it ends badly; `ClientError`.
        public mutating func next() async throws -> [UInt8]? {
            if held.isEmpty { held = try await handle.read()[...] }
            return held.popFirst()
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            try await next()
        }
    }
}

extension Client {
    /// Opens a stream by its path.
    ///
    /// - Parameter request: the one message of a method whose client does not stream.
    public func stream(
        service: String, method: String, _ kind: StreamingKind, request: [UInt8] = [],
        _ options: CallOptions = CallOptions()
    ) async throws -> RawStream {
        RawStream(handle: try await open(OutgoingRequest(service, method, request, kind, options)))
    }
}
