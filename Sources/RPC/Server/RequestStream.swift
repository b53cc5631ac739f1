import EventLoop
public import SwiftProtobuf

/// The messages that a client sends in one call, in order; it ends when the client has said that it has no more.
///
/// What the handler does not take is held within bounds (`ServerLimits.streamBufferBytesMax`), then the client's
/// connection is not read, at most `streamStallTimeout` long.
public struct RequestStream<Request: Message & Sendable>: AsyncSequence, Sendable {
    let call: LoopBound<ServerCall>
    let check: @Sendable (Request) throws -> Void

    public func makeAsyncIterator() -> Iterator { Iterator(call: call, check: check) }

    /// The message that the iterator will give next, which stays; nil at the end. For whoever must know what a stream is
    /// about before its handler does.
    ///
    /// - Throws: as `Iterator.next`.
    public func peek() async throws -> Request? {
        guard try await call.waitForMessage(), let bytes = call.value.stream?.inbound.first else { return nil }
        return try call.value.decode(Request.self, bytes.span.bytes)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let call: LoopBound<ServerCall>
        let check: @Sendable (Request) throws -> Void

        /// - Throws: a `Status`, if a message is wrong; `CancellationError`, once the call is over.
        public mutating func next() async throws -> Request? {
            guard let bytes = try await call.nextMessage() else { return nil }
            let request = try call.value.decode(Request.self, bytes.span.bytes)
            try check(request)
            return request
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Request? {
            try await next()
        }
    }
}

extension LoopBound where Value == ServerCall {
    /// The next message of the client; nil at the end.
    fileprivate func nextMessage() async throws -> [UInt8]? {
        try await waitForMessage() ? value.takeMessage() : nil
    }

    /// Whether there is a next message, once that is known.
    fileprivate func waitForMessage() async throws -> Bool {
        while true {
            guard let stream = value.stream, !value.isFinished else { throw CancellationError() }
            if stream.inbound.count > 0 { return true }
            if stream.inbound.isEnded { return false }
            let arrival = LoopBound<Signal>(stream.arrival, on: loop)
            try await arrival.wait { value.mustWaitForMessage }
        }
    }
}
