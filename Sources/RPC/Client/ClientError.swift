public import EventLoop

/// Why a call has no answer of the server; an answer that is an error is a `Status`.
public enum ClientError: Error, Equatable, CustomStringConvertible {
    /// The connection could not be made.
    case connectFailed(EventLoopError)
    /// The connection was not made in time.
    case connectTimeout(SocketAddress)
    /// The connection ended while the call was open: whether the server has carried it out is not known.
    case connectionLost
    /// The client was closed, by its owner or with its loop.
    case closed
    /// So many calls wait for the server already; it was not sent.
    case tooManyWaiting(max: Int)
    /// The connection has used all its stream ids, and the client is one that does not reconnect.
    case streamIDsExhausted
    /// The request is longer than the protocol carries; it was not sent.
    case requestTooLarge(byteCount: Int, max: Int)
    /// The server sent what is no answer.
    case malformedAnswer(String)

    public var description: String {
        switch self {
        case .connectFailed(let error): "\(error)"
        case .connectTimeout(let address): "connect to \(address): timed out"
        case .connectionLost: "the connection to the server was lost before it answered"
        case .closed: "the client is closed"
        case .tooManyWaiting(let max): "\(max) calls wait for the server already"
        case .streamIDsExhausted: "the connection has used all its stream ids"
        case .requestTooLarge(let byteCount, let max): "the request of \(byteCount) bytes is longer than \(max)"
        case .malformedAnswer(let what): "the server's answer cannot be read: \(what)"
        }
    }
}
