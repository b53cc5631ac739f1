import CUV

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why nothing more will be read from a stream.
public enum StreamEnd: Sendable, Equatable {
    /// The other side has closed its half; what we write may still be read.
    case eof
    /// The connection is broken, or its loop stops (`isStopped`): nothing can be written either.
    case failed(EventLoopError)
}

/// A connection, Unix or TCP, on one loop, whose thread alone may touch it.
///
/// The owner sets the callbacks, starts to read, and closes it in the end; the stream keeps itself and its callbacks
/// alive until then.
// Proof: the uv handle retains the stream from `init` until its close callback; the handle's memory is freed in
// deinit, which cannot come earlier. All entry points check the thread.
@safe
public final class Stream {
    enum State {
        case connecting((Result<Stream, EventLoopError>) -> Void)
        case open
        case failed
        case closing([() -> Void])
        case closed
    }

    /// The bytes of one read. They lie in the loop's one buffer and are valid during the call only.
    public var onRead: ((RawSpan) -> Void)?
    /// Called once, at the end of what can be read or when writing fails; `close` is still the owner's call.
    public var onEnd: ((StreamEnd) -> Void)?
    /// The queue of unsent bytes became empty again.
    public var onDrain: (() -> Void)?
    /// Who is at the other end; nil for TCP.
    public internal(set) var peer: PeerCredentials?
    /// Where an accepted TCP connection comes from: its IPv4 address, or its network of IPv6.
    public private(set) var peerNetwork: String?
    public let loop: EventLoop

    let handle: UnsafeMutablePointer<uv_stream_t>
    var state: State
    var isQueued = false
    private var hasEnded = false

    /// Makes the uv handle, without a socket yet.
    init(_ kind: Kind, on loop: EventLoop, _ state: State) throws(EventLoopError) {
        (self.loop, self.state) = (loop, state)
        unsafe handle = UnsafeMutableRawPointer.allocate(byteCount: kind.byteCount, alignment: 16)
            .assumingMemoryBound(to: uv_stream_t.self)
        try check("open", "a stream", unsafe kind.open(handle, on: loop.uv))
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    deinit { unsafe handle.deallocate() }

    /// Takes over a connected socket; on the loop's thread.
    ///
    /// - Parameter keepAlive: how long a TCP connection may be silent before the kernel asks whether its peer is still
    ///   there (RFC 9293 §3.8.4), in whole seconds; zero: never.
    /// - Throws: it is neither a Unix nor a TCP stream socket, or the loop is stopped. The socket is closed then.
    public static func adopt(
        _ socket: consuming AcceptedSocket, on loop: EventLoop, keepAlive: Duration = .zero
    ) throws(EventLoopError) -> Stream {
        loop.preconditionCurrent()
        guard !loop.isStopping else { throw .stopped("adopt", "a connection") }
        guard let kind = Kind(of: socket.fd) else {
            throw EventLoopError(operation: "adopt", code: EINVAL, detail: "descriptor \(socket.fd)")
        }
        let stream = try Stream(kind, on: loop, .open)
        do throws(EventLoopError) {
            try check("adopt", "a connection", unsafe kind.adopt(socket.fd, by: stream.handle))
        } catch {
            stream.close()
            throw error
        }
        if kind == .tcp, keepAlive >= .seconds(1) {
            let seconds = UInt32(clamping: keepAlive.components.seconds)
            unsafe uv_tcp_keepalive(
                UnsafeMutableRawPointer(stream.handle).assumingMemoryBound(to: uv_tcp_t.self), 1, seconds)
        }
        if kind == .tcp { stream.peerNetwork = SocketName(peerOf: socket.fd)?.network }
        stream.peer = PeerCredentials(of: socket.release())
        return stream
    }

    /// Starts to call `onRead`, and `onEnd` at the end; idempotent.
    public func startReading() {
        loop.preconditionCurrent()
        guard case .open = state, !hasEnded else { return }
        let code = unsafe uv_read_start(handle, lendReadBuffer, streamRead)
        if code < 0, code != UV_EALREADY.rawValue { failSoon("read", code) }
    }

    /// `onRead` and `onEnd` are not called until reading starts again; what comes waits in the kernel. Idempotent.
    public func stopReading() {
        loop.preconditionCurrent()
        guard case .open = state else { return }
        unsafe uv_read_stop(handle)
    }

    /// Closes the connection; idempotent. Bytes that are not sent are lost: `onDrain` tells when none is left.
    ///
    /// No callback comes after this call. They are released, and `done` is called, when the handle is closed, in the
    /// same turn of the loop; nothing is called inside `close`.
    public func close(_ done: (() -> Void)? = nil) {
        loop.preconditionCurrent()
        switch state {
        case .closed:
            guard let done else { return }
            let bound = LoopBound(done, on: loop)
            loop.ring.push(.work { bound.value() })
        case .closing(var waiting):
            if let done { waiting.append(done) }
            state = .closing(waiting)
        case .connecting(let connected):
            closeHandle(done.map { [$0] } ?? [])
            // The one callback that the owner is still owed.
            connected(.failure(.stopped("connect", "(closed)")))
        case .open, .failed:
            closeHandle(done.map { [$0] } ?? [])
        }
    }

    private func closeHandle(_ done: [() -> Void]) {
        state = .closing(done)
        unsafe uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), streamClosed)
    }

    fileprivate func closed() {
        guard case .closing(let waiting) = state else { return }
        state = .closed
        (onRead, onEnd, onDrain) = (nil, nil, nil)
        for done in waiting { done() }
    }

    /// The loop stops.
    func abandon() {
        if case .open = state { end(.failed(.stopped("read", "a connection"))) }
        close()
    }

    fileprivate func read(_ count: Int, _ bytes: UnsafePointer<CChar>?) {
        guard case .open = state else { return }
        if count > 0 {
            let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
            unsafe onRead?(buffer.bytes)
        } else if count == Int(UV_EOF.rawValue) {
            unsafe uv_read_stop(handle)
            end(.eof)
        } else if count < 0 {
            fail("read", Int32(count))
        }
    }

    func fail(_ operation: String, _ code: Int32) {
        guard case .open = state else { return }
        unsafe uv_read_stop(handle)
        state = .failed
        end(.failed(EventLoopError(operation: operation, code: code, detail: "a connection")))
    }

    /// As `fail`, but not inside a call of the owner: it would not expect its callback there.
    func failSoon(_ operation: String, _ code: Int32) {
        let bound = LoopBound(self, on: loop)
        loop.ring.push(.work { bound.value.fail(operation, code) })
    }

    private func end(_ end: StreamEnd) {
        guard !hasEnded else { return }
        hasEnded = true
        onEnd?(end)
    }
}

@available(*, unavailable) extension Stream: Sendable {}

extension Stream {
    /// The stream of a C handle; the handle keeps it alive.
    static func of(_ data: UnsafeMutableRawPointer) -> Stream {
        unsafe Unmanaged<Stream>.fromOpaque(data).takeUnretainedValue()
    }
}

private func lendReadBuffer(
    _ handle: UnsafeMutablePointer<uv_handle_t>?, _ suggested: Int, _ buffer: UnsafeMutablePointer<uv_buf_t>?
) {
    guard let uv = unsafe handle?.pointee.loop, let buffer = unsafe buffer else { return }
    unsafe buffer.pointee.base = EventLoop.of(uv).readBuffer
    unsafe buffer.pointee.len = EventLoop.readBufferByteCount
}

private func streamRead(
    _ handle: UnsafeMutablePointer<uv_stream_t>?, _ count: Int, _ buffer: UnsafePointer<uv_buf_t>?
) {
    guard let owner = unsafe handle?.pointee.data else { return }
    unsafe Stream.of(owner).read(count, buffer?.pointee.base)
}

private func streamClosed(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let owner = unsafe handle?.pointee.data else { return }
    let stream = unsafe Unmanaged<Stream>.fromOpaque(owner).takeRetainedValue()
    stream.closed()
}
