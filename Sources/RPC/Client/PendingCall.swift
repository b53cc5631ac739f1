import EventLoop

/// A call that waits for its answer, on the client's loop.
///
/// Its continuation has one owner, the state: whoever comes first, the answer, the timeout, the caller's cancellation
/// or the end of the connection, takes it out and resumes it.
final class PendingCall: Expiring {
    private enum State {
        case new
        case waiting(CheckedContinuation<[UInt8], any Error>)
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

    func finish(_ result: Result<[UInt8], any Error>) {
        defer { state = .done }
        guard case .waiting(let continuation) = state else { return }
        continuation.resume(with: result)
    }

    /// The caller does not wait any more. The server is not told: its answer will be dropped.
    func cancel() {
        connection?.forget(self)
        finish(.failure(CancellationError()))
    }

    func expire() {
        connection?.forget(self)
        finish(.failure(CallFault.deadlineExceeded.status))
    }
}
