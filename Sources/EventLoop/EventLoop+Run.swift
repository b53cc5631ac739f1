import CUV
import Synchronization
import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The handles that a loop has for itself: wake-up, the hook before each poll, and what keeps the poll from blocking.
// Proof: the memory is the loop's, from its init to its deinit; `stop` ends the libuv loop, and so their use, before.
@unsafe
struct OwnHandles {
    private let async: UnsafeMutablePointer<uv_async_t> = .allocate(capacity: 1)
    private let prepare: UnsafeMutablePointer<uv_prepare_t> = .allocate(capacity: 1)
    private let idle: UnsafeMutablePointer<uv_idle_t> = .allocate(capacity: 1)

    /// Cannot fail once the loop is made: libuv opens the descriptors of all asyncs with the loop.
    func open(on uv: UnsafeMutablePointer<uv_loop_t>) {
        unsafe uv_async_init(uv, async, wokenUp)
        unsafe uv_prepare_init(uv, prepare)
        unsafe uv_idle_init(uv, idle)
        unsafe uv_prepare_start(prepare, beforePoll)
    }

    func wake() { unsafe uv_async_send(async) }

    func setSpinning(_ spins: Bool) {
        if spins { unsafe uv_idle_start(idle, keepTurning) } else { unsafe uv_idle_stop(idle) }
    }

    func close() {
        unsafe uv_close(UnsafeMutableRawPointer(async).assumingMemoryBound(to: uv_handle_t.self), nil)
        unsafe uv_close(UnsafeMutableRawPointer(prepare).assumingMemoryBound(to: uv_handle_t.self), nil)
        unsafe uv_close(UnsafeMutableRawPointer(idle).assumingMemoryBound(to: uv_handle_t.self), nil)
    }

    func deallocate() {
        unsafe async.deallocate()
        unsafe prepare.deallocate()
        unsafe idle.deallocate()
    }
}

/// Those of `OwnHandles`.
private let ownHandleCount = 3

extension EventLoop {
    /// The thread's whole life.
    func run() {
        let before = unsafe CurrentLoop.pointer
        unsafe CurrentLoop.set(identity)
        unsafe uv_run(uv, UV_RUN_DEFAULT)
        finish()
        unsafe CurrentLoop.set(before)
    }

    /// Once per turn, right before the poll.
    fileprivate func turn() {
        takeNextTurn()
        runJobs(max: options.jobsPerTurnMax)
        let hasJobs = !ring.isEmpty || !nextTurn.isEmpty
        if isStopping && !hasJobs && openHandleCountNow == ownHandleCount { return unsafe own.close() }
        guard isSpinning != hasJobs else { return }
        isSpinning.toggle()
        unsafe own.setSpinning(isSpinning)
    }

    /// Closes what belongs to others; the loop's own handles follow when those are gone and no job is left.
    func beginStop() {
        isStopping = true
        unsafe uv_walk(uv, abandonHandle, nil)
    }

    /// After the last handle: what came meanwhile still runs, then the loop is over and its descriptors are closed.
    private func finish() {
        let handleCount = openHandleCountNow
        repeat {
            takeInbox()
            runJobs(max: .max)
        } while !inbox.withLock { inbox in
            guard inbox.jobs.isEmpty else { return false }
            inbox.handleCountAtEnd = handleCount
            if inbox.phase != .joined { inbox.phase = .ended }
            return true
        }
        // Each is inside one write to an eventfd, so this is short.
        while wakers.load(ordering: .acquiring) > 0 { sched_yield() }
        let code = unsafe uv_loop_close(uv)
        precondition(code == 0, "handles were left open: \(code)")
    }

    /// How many libuv handles are open or closing, the loop's own three included; after the end, how many were left.
    ///
    /// On the loop's thread, or after `stop`.
    package var openHandleCount: Int {
        if let count = inbox.withLock({ $0.handleCountAtEnd }) { return count }
        preconditionCurrent()
        return openHandleCountNow
    }

    private var openHandleCountNow: Int {
        var count = 0
        unsafe uv_walk(uv, countHandle, &count)
        return count
    }
}

private func wokenUp(_ handle: UnsafeMutablePointer<uv_async_t>?) {
    guard let handle = unsafe handle else { return }
    unsafe EventLoop.of(handle.pointee.loop).takeInbox()
}

private func beforePoll(_ handle: UnsafeMutablePointer<uv_prepare_t>?) {
    guard let handle = unsafe handle else { return }
    unsafe EventLoop.of(handle.pointee.loop).turn()
}

/// An active idle handle makes libuv poll without waiting; there is nothing to do here.
private func keepTurning(_ handle: UnsafeMutablePointer<uv_idle_t>?) {}

private func countHandle(_ handle: UnsafeMutablePointer<uv_handle_t>?, _ count: UnsafeMutableRawPointer?) {
    guard let count = unsafe count else { return }
    unsafe count.assumingMemoryBound(to: Int.self).pointee += 1
}

/// Tells the owner of a handle that the loop stops. Which class that is follows from the handle's type, since each
/// type of handle is made in one file only.
private func abandonHandle(_ handle: UnsafeMutablePointer<uv_handle_t>?, _: UnsafeMutableRawPointer?) {
    guard let handle = unsafe handle, let owner = unsafe handle.pointee.data else { return }
    guard unsafe uv_is_closing(handle) == 0 else { return }
    switch unsafe handle.pointee.type {
    case UV_TIMER: unsafe Unmanaged<Timer>.fromOpaque(owner).takeUnretainedValue().abandon()
    case UV_NAMED_PIPE, UV_TCP: unsafe Unmanaged<Stream>.fromOpaque(owner).takeUnretainedValue().abandon()
    case UV_POLL: unsafe Unmanaged<ListenerWatcher>.fromOpaque(owner).takeUnretainedValue().close()
    case UV_SIGNAL: unsafe Unmanaged<SignalWatcher>.fromOpaque(owner).takeUnretainedValue().close()
    default: break
    }
}
