import CUV

extension Stream {
    /// Connects to `address`; on the loop's thread. `done` is called there once, never inside this call.
    ///
    /// There is no time limit: `cancel` it by stopping to wait, or close what comes.
    public static func connect(
        to address: SocketAddress, on loop: EventLoop, _ done: @escaping (Result<Stream, EventLoopError>) -> Void
    ) {
        loop.preconditionCurrent()
        do throws(EventLoopError) {
            guard !loop.isStopping else { throw .stopped("connect to", address.description) }
            let name = try SocketName(address, for: "connect to")
            let stream = try Stream(Kind(address), on: loop, .connecting(done))
            try stream.connect(to: address, name)
        } catch {
            let bound = LoopBound(done, on: loop)
            loop.ring.push(.work { [error] in bound.value(.failure(error)) })
        }
    }

    private func connect(to address: SocketAddress, _ name: SocketName) throws(EventLoopError) {
        let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
        let target = unsafe Unmanaged.passRetained(Target(address))
        unsafe request.pointee.data = target.toOpaque()
        let raw = unsafe UnsafeMutableRawPointer(handle)
        switch address {
        case .unix(let path):
            // 1.44 reports each failure by the callback. The length was checked: it would cut a long path silently.
            unsafe uv_pipe_connect(request, raw.assumingMemoryBound(to: uv_pipe_t.self), path, streamConnected)
        case .tcp:
            let code = unsafe name.withPointer { pointer, _ in
                unsafe uv_tcp_connect(request, raw.assumingMemoryBound(to: uv_tcp_t.self), pointer, streamConnected)
            }
            guard code < 0 else { return }
            unsafe request.deallocate()
            unsafe target.release()
            state = .failed  // `done` is called by whom this error reaches
            close()
            throw EventLoopError(operation: "connect to", code: code, detail: address.description)
        }
    }

    /// Where a connection attempt goes, kept for the text of its error.
    fileprivate final class Target {
        let address: SocketAddress
        init(_ address: SocketAddress) { self.address = address }
    }

    fileprivate func connected(_ status: Int32, _ target: Target) {
        guard case .connecting(let done) = state else { return }
        guard status == 0 else {
            state = .failed
            close()
            let detail = target.address.description
            return done(.failure(EventLoopError(operation: "connect to", code: status, detail: detail)))
        }
        state = .open
        var socket: Int32 = -1
        if unsafe uv_fileno(UnsafeRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), &socket) == 0 {
            peer = PeerCredentials(of: socket)
        }
        done(.success(self))
    }
}

private func streamConnected(_ request: UnsafeMutablePointer<uv_connect_t>?, _ status: Int32) {
    guard let request = unsafe request, let data = unsafe request.pointee.data else { return }
    let target = unsafe Unmanaged<Stream.Target>.fromOpaque(data).takeRetainedValue()
    let owner = unsafe request.pointee.handle.pointee.data
    unsafe request.deallocate()
    guard let owner = unsafe owner else { return }
    unsafe Stream.of(owner).connected(status, target)
}
