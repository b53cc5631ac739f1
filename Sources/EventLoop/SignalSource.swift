import CUV
import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Signals of the process, delivered to a loop; while it is started their default action does not happen.
///
/// libuv's handler needs some thread that does not block the signal, and those of `Threading` block all: the process's
/// main thread must leave it open.
public final class SignalSource: Sendable {
    private let loop: EventLoop
    private let watchers: LoopBound<[SignalWatcher]>

    private init(_ watchers: LoopBound<[SignalWatcher]>, on loop: EventLoop) {
        (self.watchers, self.loop) = (watchers, loop)
    }

    /// Starts to watch; when it returns, a signal that comes is delivered. Waits for the loop, so it is to be called on
    /// that loop's thread or on one that is no loop's.
    ///
    /// - Parameter body: called on the loop with the signal's number; signals that come fast may be merged into one.
    /// - Throws: a number that cannot be watched (`EINVAL`), or a stopped loop.
    public static func start(
        _ signals: [Int32], on loop: EventLoop, _ body: @escaping @Sendable (Int32) -> Void
    ) throws(EventLoopError) -> SignalSource {
        // 32 and 33 are the C library's own; the two named ones cannot be caught.
        for signal in signals where !(1...64).contains(signal) || [SIGKILL, SIGSTOP, 32, 33].contains(signal) {
            throw EventLoopError(operation: "watch", code: EINVAL, detail: "signal \(signal)")
        }
        let watchers = LoopBound(handing: signals.map { SignalWatcher($0, on: loop, body) }, to: loop)
        let isDone = try loop.performAndWait { watchers.value.allSatisfy { $0.open() } }
        let source = SignalSource(watchers, on: loop)
        guard isDone else {
            source.stop()
            throw .stopped("watch", "signals \(signals)")
        }
        return source
    }

    /// Gives the signals back to their former action. From any thread; idempotent.
    public func stop() { loop.perform { [watchers] in for watcher in watchers.value { watcher.close() } } }
}

extension EventLoop {
    /// Runs `work` on the loop and waits for its result; false when the loop is stopped.
    fileprivate func performAndWait(_ work: @escaping @Sendable () -> Bool) throws(EventLoopError) -> Bool {
        if isCurrent { return work() }
        precondition(EventLoop.current == nil, "a loop must not wait for another one")
        let result = Lock(Bool?.none)
        let isDone = Condition()
        let isTaken = submit {
            let value = work()
            result.withLock { $0 = value }
            isDone.signal()
        }
        return isTaken && result.wait(on: isDone, until: { $0 != nil }, then: { $0 ?? false })
    }
}

/// One signal's handle, on its loop.
// Proof: the uv handle retains the watcher from `open` until its close callback; its memory is freed in deinit.
@safe
final class SignalWatcher {
    private let handle: UnsafeMutablePointer<uv_signal_t>
    private let loop: EventLoop
    private let signal: Int32
    private let body: (Int32) -> Void
    private var isOpen = false

    init(_ signal: Int32, on loop: EventLoop, _ body: @escaping @Sendable (Int32) -> Void) {
        unsafe handle = .allocate(capacity: 1)
        (self.signal, self.loop, self.body) = (signal, loop, body)
    }

    deinit { unsafe handle.deallocate() }

    func open() -> Bool {
        guard !loop.isStopping, unsafe uv_signal_init(loop.uv, handle) == 0 else { return false }
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        isOpen = true
        return unsafe uv_signal_start(handle, signalCame, signal) == 0
    }

    fileprivate func came() { body(signal) }

    func close() {
        guard isOpen else { return }
        isOpen = false
        unsafe uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), signalClosed)
    }
}

private func signalCame(_ handle: UnsafeMutablePointer<uv_signal_t>?, _ signal: Int32) {
    guard let owner = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<SignalWatcher>.fromOpaque(owner).takeUnretainedValue().came()
}

private func signalClosed(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let owner = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<SignalWatcher>.fromOpaque(owner).release()
}
