import CUV
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A listening socket, watched by one loop, that hands out the connections that come, until `close` or the loop's end.
public final class Listener: Sendable {
    /// Where it listens; the real port when 0 was asked.
    public let localAddress: SocketAddress
    private let loop: EventLoop
    private let watcher: LoopBound<ListenerWatcher>
    private let failureCounter: AcceptFailures

    /// Starts to watch `socket`; from any thread.
    ///
    /// - Parameter accepted: called on `loop` for each connection; `AcceptedSocket.hand` brings it to another one.
    public init(
        _ socket: consuming ListeningSocket, on loop: EventLoop,
        _ accepted: @escaping @Sendable (consuming AcceptedSocket) -> Void
    ) {
        localAddress = socket.address
        let failures = AcceptFailures()
        let watcher = LoopBound(
            handing: ListenerWatcher(socket, on: loop, failures, accepted), to: loop)
        (self.loop, self.failureCounter, self.watcher) = (loop, failures, watcher)
        loop.perform { watcher.value.open() }
    }

    /// Stops taking connections; the kernel keeps them waiting. From any thread, as are `resume` and `close`.
    public func pause() { loop.perform { [watcher] in watcher.value.isPaused = true } }

    /// Takes connections again.
    public func resume() { loop.perform { [watcher] in watcher.value.isPaused = false } }

    /// Closes the socket, soon, and removes its file if bind made it and it is still the same. Idempotent.
    public func close() { loop.perform { [watcher] in watcher.value.close() } }

    /// How often no connection could be taken for want of descriptors or memory; each is followed by a pause.
    public var acceptFailureCount: Int { failureCounter.count.load(ordering: .relaxed) }
}

/// The one number of a listener that other threads read.
final class AcceptFailures: Sendable {
    let count = Atomic<Int>(0)
}

/// The part of a listener that lives on its loop.
// Proof: the uv handle retains the watcher from `open` until its close callback; its memory is freed in deinit.
@safe
final class ListenerWatcher {
    /// Between two looks at other sockets, so that a storm of connections does not starve them.
    private static let acceptsPerTurnMax = 64
    /// How long to wait for descriptors: polling on would spin, since the connection stays readable.
    private static let pauseAfterFailure = Duration.milliseconds(100)

    private let loop: EventLoop
    private let handle: UnsafeMutablePointer<uv_poll_t>
    private let failures: AcceptFailures
    private let accepted: (consuming AcceptedSocket) -> Void
    private var socket: ListeningSocket?
    private var retry: Timer?
    private var isOpen = false
    var isPaused = false { didSet { watch() } }

    init(
        _ socket: consuming ListeningSocket, on loop: EventLoop, _ failures: AcceptFailures,
        _ accepted: @escaping @Sendable (consuming AcceptedSocket) -> Void
    ) {
        (self.loop, self.failures, self.accepted) = (loop, failures, accepted)
        unsafe handle = .allocate(capacity: 1)
        self.socket = consume socket
    }

    deinit { unsafe handle.deallocate() }

    func open() {
        guard !loop.isStopping, let fd = socket?.fd else { return socket = nil }
        let code = unsafe uv_poll_init(loop.uv, handle, fd)
        // libuv refuses only what epoll refuses, and a socket that listens is never that.
        precondition(code == 0, "uv_poll_init: \(code)")
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        isOpen = true
        watch()
    }

    private func watch() {
        guard isOpen else { return }
        if isPaused || retry != nil {
            unsafe uv_poll_stop(handle)
        } else {
            unsafe uv_poll_start(handle, Int32(UV_READABLE.rawValue), connectionsWaiting)
        }
    }

    fileprivate func accept() {
        for _ in 0..<Self.acceptsPerTurnMax {
            guard isOpen, !isPaused, let fd = socket?.fd else { return }
            let connection = accept4(fd, nil, nil, SocketType.flags)
            guard connection < 0 else {
                accepted(AcceptedSocket(owning: connection))
                continue
            }
            switch errno {
            case EAGAIN: return
            // accept(2): what Linux reports of a connection that died while it waited is to be passed over.
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
                ENETUNREACH, EPERM:
                continue
            default: return pauseForDescriptors()
            }
        }
    }

    private func pauseForDescriptors() {
        failures.count.add(1, ordering: .relaxed)
        retry = loop.schedule(after: Self.pauseAfterFailure) { [weak self] in
            self?.retry = nil
            self?.watch()
        }
        watch()
    }

    func close() {
        guard isOpen else { return socket = nil }
        isOpen = false
        retry.take()?.cancel()
        unsafe uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), listenerClosed)
        socket = nil  // closes the descriptor; uv_close has taken it out of the poll
    }
}

private func connectionsWaiting(_ handle: UnsafeMutablePointer<uv_poll_t>?, _ status: Int32, _ events: Int32) {
    guard let owner = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<ListenerWatcher>.fromOpaque(owner).takeUnretainedValue().accept()
}

private func listenerClosed(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let owner = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<ListenerWatcher>.fromOpaque(owner).release()
}
