import EventLoop

/// A call that waits for its answer, on the client's loop.
///
/// Its continuation has one owner, the state: whoever comes first, the answer, the timeout, the caller's cancellation
/// or the end of the connection, takes it out and resumes it.
final class PendingCall: Expiring {
    private enum State {
        case new
        case waiting(CheckedContinuation<[UInt8], any Error>)
        case streaming(ClientStream)
        case done
    }

    var streamID: UInt32 = 0
    var expiresAt: UInt64 = 0
    var deadlineSlot = -1
    private var state = State.new
    private weak var connection: ClientConnection?

    /// Takes the caller's continuation; false when the call was cancelled before, and the caller is told so.
    func begin(_ continuation: CheckedContinuation<[UInt8], any Error>, on connection: ClientConnection) -> Bool {
        guard case .new = state else {
            continuation.resume(throwing: CancellationError())
            return false
        }
        state = .waiting(continuation)
        self.connection = connection
        return true
    }

    /// As `begin` for a stream, which nobody can have cancelled yet.
    func begin(_ stream: ClientStream, on connection: ClientConnection) {
        state = .streaming(stream)
        self.connection = connection
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
        case .streaming(let stream): stream.finish(result.map { $0 })
        case .done: break
        }
    }

    /// The caller does not wait any more; the server is told.
    func cancel() {
        connection?.giveUp(self)
        finish(.failure(CancellationError()))
    }

    func expire() {
        connection?.giveUp(self)
        finish(.failure(CallFault.deadlineExceeded.status))
    }
}
