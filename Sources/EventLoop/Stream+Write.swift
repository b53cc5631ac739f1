import CUV

extension Stream {
    /// Sends `bytes`: at once as much as the kernel takes, without a copy; the rest is copied once and queued.
    ///
    /// The queue has no bound of its own: look at `unsentByteCount` and stop making more. Dropped once the stream is
    /// closed or broken; a failure is told by `onEnd`, never inside this call.
    public func write(_ bytes: RawSpan) {
        loop.preconditionCurrent()
        guard case .open = state, !bytes.isEmpty else { return }
        unsafe bytes.withUnsafeBytes { raw in
            // libuv does not write into the buffer; its type has no const.
            let base = unsafe UnsafeMutablePointer(mutating: raw.baseAddress?.assumingMemoryBound(to: CChar.self))
            var buffer = unsafe uv_buf_t(base: base, len: raw.count)
            // Answers EAGAIN without a system call while older bytes are queued.
            let sent = unsafe uv_try_write(handle, &buffer, 1)
            if Int(sent) == raw.count { return }
            guard sent >= 0 || sent == UV_EAGAIN.rawValue else { return failSoon("write", sent) }
            unsafe queue(UnsafeRawBufferPointer(rebasing: raw[max(0, Int(sent))...]))
        }
    }

    /// Bytes that were written to the stream and not yet taken by the kernel.
    public var unsentByteCount: Int {
        loop.preconditionCurrent()
        guard case .open = state else { return 0 }
        return unsafe uv_stream_get_write_queue_size(handle)
    }

    /// One block holds the request and, after it, its bytes.
    // Proof: the block is freed in `streamWrote`, which libuv calls once for each request it took, also on close.
    private func queue(_ bytes: UnsafeRawBufferPointer) {
        let offset = unsafe (MemoryLayout<uv_write_t>.size + 15) & ~15
        let block = UnsafeMutableRawPointer.allocate(byteCount: offset + bytes.count, alignment: 16)
        let copy = unsafe UnsafeMutableRawBufferPointer(start: block + offset, count: bytes.count)
        unsafe copy.copyMemory(from: bytes)
        let request = unsafe block.bindMemory(to: uv_write_t.self, capacity: 1)
        var buffer = unsafe uv_buf_t(base: (block + offset).assumingMemoryBound(to: CChar.self), len: bytes.count)
        isQueued = true
        let code = unsafe uv_write(request, handle, &buffer, 1, streamWrote)
        guard code < 0 else { return }
        unsafe block.deallocate()
        failSoon("write", code)
    }

    fileprivate func wrote(_ status: Int32) {
        guard case .open = state else { return }
        guard status == 0 else { return fail("write", status) }
        guard isQueued, unsafe uv_stream_get_write_queue_size(handle) == 0 else { return }
        isQueued = false
        onDrain?()
    }
}

private func streamWrote(_ request: UnsafeMutablePointer<uv_write_t>?, _ status: Int32) {
    guard let request = unsafe request else { return }
    let owner = unsafe request.pointee.handle.pointee.data
    unsafe UnsafeMutableRawPointer(request).deallocate()
    guard let owner = unsafe owner else { return }
    unsafe Stream.of(owner).wrote(status)
}
