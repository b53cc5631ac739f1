import CUV

/// One call in the future on a loop; made by `EventLoop.schedule`, used on its loop's thread only.
// Proof: the uv handle retains the timer from `start` until its close callback, and its memory is freed in deinit,
// which cannot come earlier.
@safe
public final class Timer {
    private let handle: UnsafeMutablePointer<uv_timer_t>
    private let loop: EventLoop
    private var body: (() -> Void)?
    private var abandoned: (() -> Void)?
    private var isOpen = false

    fileprivate init(on loop: EventLoop, _ body: @escaping () -> Void, abandoned: (() -> Void)?) {
        unsafe handle = .allocate(capacity: 1)
        (self.loop, self.body, self.abandoned) = (loop, body, abandoned)
    }

    deinit { unsafe handle.deallocate() }

    fileprivate func start(afterMilliseconds delay: UInt64) {
        unsafe uv_timer_init(loop.uv, handle)
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe uv_timer_start(handle, timerFired, delay, 0)
        isOpen = true
    }

    /// Takes the call back; without effect once it was made.
    public func cancel() {
        loop.preconditionCurrent()
        (body, abandoned) = (nil, nil)
        close()
    }

    fileprivate func fire() {
        let body = body.take()
        cancel()
        body?()
    }

    /// The loop stops: the call will not be made.
    func abandon() {
        let abandoned = abandoned.take()
        cancel()
        abandoned?()
    }

    private func close() {
        guard isOpen else { return }
        isOpen = false
        unsafe uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), timerClosed)
    }
}

@available(*, unavailable) extension Timer: Sendable {}

extension EventLoop {
    /// Calls `body` on this loop after `delay`: never early, and at most a millisecond late on an idle loop.
    ///
    /// On the loop's thread only. When the loop stops before, the call is not made.
    @discardableResult
    public func schedule(after delay: Duration, _ body: @escaping () -> Void) -> Timer {
        schedule(after: delay, body, abandoned: nil)
    }

    /// - Parameter abandoned: called instead of `body`, maybe at once, when the loop stops.
    @discardableResult
    public func schedule(after delay: Duration, _ body: @escaping () -> Void, abandoned: (() -> Void)?) -> Timer {
        preconditionCurrent()
        let timer = Timer(on: self, body, abandoned: abandoned)
        guard !isStopping else {
            timer.abandon()
            return timer
        }
        // libuv counts whole milliseconds of a clock that it reads once per turn: read it now, round the end up.
        unsafe uv_update_time(uv)
        let end = Self.nanosecondsNow().addingReportingOverflow(delay.nanosecondsClamped)
        let endMilliseconds = (end.overflow ? UInt64.max : end.partialValue) / 1_000_000 + 1
        timer.start(afterMilliseconds: endMilliseconds - min(endMilliseconds, unsafe uv_now(uv)))
        return timer
    }
}

extension Duration {
    /// Zero for a negative one; some 584 years for all that is longer.
    var nanosecondsClamped: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let whole = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let sum = whole.partialValue.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
        return whole.overflow || sum.overflow ? .max : sum.partialValue
    }
}

private func timerFired(_ handle: UnsafeMutablePointer<uv_timer_t>?) {
    guard let owner = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<Timer>.fromOpaque(owner).takeUnretainedValue().fire()
}

private func timerClosed(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let owner = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<Timer>.fromOpaque(owner).release()
}
