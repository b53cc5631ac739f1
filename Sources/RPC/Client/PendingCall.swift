import EventLoop

/// Where an open call is: with the keeper that waits for a connection, or with the connection that carries it.
protocol CallOwner: AnyObject {
    /// Nobody waits for the call any more.
    func giveUp(_ call: PendingCall)
    /// What a caller is told whose time is over.
    func overdue(_ call: PendingCall) -> any Error
}

/// A call that waits for its answer, on the client's loop.
///
/// Its continuation has one owner, the state: whoever comes first, the answer, the timeout, the caller's cancellation
/// or the end of the connection, takes it out and resumes it.
final class PendingCall: Expiring {
    typealias Opening = CheckedContinuation<LoopBound<ClientConnection>, any Error>

    private enum State {
        case new
        case waiting(CheckedContinuation<[UInt8], any Error>)
        /// A stream whose request is not sent yet.
        case opening(ClientStream, Opening)
        case streaming(ClientStream)
        case done
    }

    var streamID: UInt32 = 0
    var expiresAt: UInt64 = 0
    var deadlineSlot = -1
    weak var owner: (any CallOwner)?
    private var state = State.new

    /// Takes the caller's continuation; false when the call was cancelled before, and the caller is told so.
    func begin(_ continuation: CheckedContinuation<[UInt8], any Error>) -> Bool {
        guard case .new = state else {
            continuation.resume(throwing: CancellationError())
            return false
        }
        state = .waiting(continuation)
        return true
    }

    /// As `begin` for a stream; the continuation is resumed with the connection that the stream is opened on.
    func begin(_ stream: ClientStream, _ opening: Opening) -> Bool {
        guard case .new = state else {
            opening.resume(throwing: CancellationError())
            return false
        }
        state = .opening(stream, opening)
        return true
    }

    /// The request has gone to a connection; what happens from now on is told by reading the stream.
    func opened(on connection: LoopBound<ClientConnection>) {
        guard case .opening(let stream, let opening) = state else { return }
        state = .streaming(stream)
        opening.resume(returning: connection)
    }

    /// The stream, also after its end; nil for a unary call.
    var stream: ClientStream? {
        if case .streaming(let stream) = state { stream } else { nil }
    }

    func finish(_ result: Result<[UInt8], any Error>) {
        switch state {
        case .new: state = .done
        case .waiting(let continuation):
            state = .done
            continuation.resume(with: result)
        case .opening(_, let opening):
            state = .done
            // Who has no connection yet gets no answer, so this is always a failure.
            opening.resume(with: result.flatMap { _ in .failure(ClientError.closed) })
        case .streaming(let stream): stream.finish(result.map { $0 })
        case .done: break
        }
    }

    /// The caller does not wait any more; the server is told.
    func cancel() {
        owner?.giveUp(self)
        finish(.failure(CancellationError()))
    }

    func expire() {
        let failure = owner?.overdue(self) ?? CallFault.deadlineExceeded.status
        owner?.giveUp(self)
        finish(.failure(failure))
    }
}

@available(*, unavailable) extension PendingCall: Sendable {}

/// A unary call whose connection was lost before a byte of it was handed to the socket: it may be sent again, whatever it
/// does.
struct UnsentCall: Error {
    let reason: ClientError
}
