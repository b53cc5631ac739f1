import EventLoop
import Wire

/// The client's end of a stream, on the client's loop: what has come, and who waits for it.
final class ClientStream {
    typealias Reader = CheckedContinuation<[[UInt8]], any Error>

    private enum End {
        case open
        /// The server has ended it well; told once what is held has been taken.
        case ended
        case failed(any Error)
    }

    var state: StreamState
    private let kind: StreamingKind
    private(set) var inbound: MessageQueue
    private var end = End.open
    /// The one that waits for messages; it has one owner, this place.
    private var reader: Reader?

    init(_ kind: StreamingKind, _ bounds: MessageQueue.Bounds) {
        self.kind = kind
        state = StreamState(requestFlags: kind.requestFlags)
        inbound = MessageQueue(bounds)
    }

    /// A message of the server.
    func receive(_ message: [UInt8]) {
        inbound.append(message)
        deliver()
    }

    /// The stream is over: by a Response with its last message, by Data that closes it (nil), or by an error.
    func finish(_ result: Result<[UInt8]?, any Error>) {
        guard case .open = end else { return }
        state = .finished
        switch result {
        case .success(let message):
            // The answer of a client's stream may be an empty message; a server's stream ends by an empty Response.
            if let message, kind == .client || !message.isEmpty { inbound.append(message) }
            end = .ended
        case .failure(let error): end = .failed(error)
        }
        deliver()
    }

    /// Gives `reader` all that is held, an empty list at the end; at once or when it comes.
    func read(_ reader: Reader) {
        guard self.reader == nil else {
            return reader.resume(throwing: ClientError.malformedAnswer("two readers of one stream"))
        }
        self.reader = reader
        deliver()
    }

    private func deliver() {
        guard let reader else { return }
        var messages: [[UInt8]] = []
        while let message = inbound.take() { messages.append(message) }
        if messages.isEmpty, case .open = end { return }
        self.reader = nil
        if !messages.isEmpty { return reader.resume(returning: messages) }
        if case .failed(let error) = end { reader.resume(throwing: error) } else { reader.resume(returning: []) }
    }
}

@available(*, unavailable) extension ClientStream: Sendable {}
