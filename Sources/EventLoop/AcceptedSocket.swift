import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connected socket that no loop has yet; it is closed when nobody adopts it.
public struct AcceptedSocket: ~Copyable, Sendable {
    /// For looking at (`getsockopt`); it stays this value's.
    public let fd: Int32

    /// Takes over `fd`, a connected Unix or TCP stream socket.
    public init(owning fd: Int32) { self.fd = fd }

    deinit { close(fd) }

    /// Gives the descriptor away; the caller closes it.
    public consuming func release() -> Int32 {
        let fd = fd
        discard self
        return fd
    }

    /// Brings the socket to `loop` and calls `body` there; closes it if the loop is stopped. From any thread.
    public consuming func hand(
        to loop: EventLoop, _ body: @escaping @Sendable (consuming AcceptedSocket) -> Void
    ) {
        let parcel = Parcel(self)
        loop.execute {
            if let socket = parcel.open() { body(socket) }
        }
    }

    /// Carries the descriptor in a closure, which cannot hold a non-copyable value that is consumed later.
    private final class Parcel: Sendable {
        private let fd: Lock<Int32?>

        init(_ socket: consuming AcceptedSocket) { fd = Lock(socket.release()) }

        func open() -> AcceptedSocket? { fd.withLock { $0.take() }.map { AcceptedSocket(owning: $0) } }

        /// A closure that the loop dropped still closes the socket.
        deinit { _ = open() }
    }
}
