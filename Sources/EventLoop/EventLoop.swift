import CUV
import Synchronization
import Threading

/// A libuv loop on a thread of its own, which Swift tasks and closures run on.
///
/// Sockets, timers and signals of a loop are used on its thread only; from elsewhere one sends it work by `execute`,
/// or starts a task with `Task.immediate(executorPreference: loop)` from a closure that runs on it. A loop lives from
/// `start` to `stop`; its thread keeps it alive meanwhile.
///
/// One turn of the loop, in written order: timers; jobs (at most `jobsPerTurnMax`); poll, which blocks only when no
/// job is left; callbacks of sockets, signals and wake-ups; close callbacks.
// Proof: `ring`, `nextTurn`, `spare`, `isStopping`, `isSpinning` and all uv handles are touched only by the thread for which
// `isCurrent` holds: the loop's own, or after its end the one thread at a time that `inbox.isLateRunning` admits.
// `thread` is written by `start` before anybody has the loop, and taken by the one `stop` that changed the phase.
@safe
public final class EventLoop: @unchecked Sendable {
    public struct Options: Sendable {
        /// The thread's name; at most 15 bytes are shown.
        public var name: String
        /// How many jobs run between two looks at the sockets: a bound on what a flood of jobs adds to their latency.
        public var jobsPerTurnMax: Int

        public init(name: String, jobsPerTurnMax: Int = 512) {
            (self.name, self.jobsPerTurnMax) = (name, jobsPerTurnMax)
        }
    }

    /// What a socket is read into; one buffer for all sockets of the loop.
    public static let readBufferByteCount = 64 << 10

    public let options: Options
    let uv: UnsafeMutablePointer<uv_loop_t>
    let own: OwnHandles
    let readBuffer: UnsafeMutablePointer<CChar>
    let inbox = Lock(Inbox())
    let joined = Condition()
    /// Threads between the decision to wake this loop and the end of their `uv_async_send`.
    let wakers = Atomic<Int>(0)
    var ring = JobRing()
    var nextTurn: [@Sendable () -> Void] = []
    var spare: [LoopJob] = []
    var isStopping = false
    var isSpinning = false
    private var thread: Thread?

    private init(_ options: Options) throws(EventLoopError) {
        self.options = options
        unsafe uv = .allocate(capacity: 1)
        unsafe own = OwnHandles()
        unsafe readBuffer = .allocate(capacity: Self.readBufferByteCount)
        try unsafe check("start", options.name, uv_loop_init(uv))
        unsafe uv.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        unsafe own.open(on: uv)
    }

    deinit {
        unsafe uv.deallocate()
        unsafe own.deallocate()
        unsafe readBuffer.deallocate()
    }

    /// Starts a loop and its thread.
    ///
    /// - Throws: no more descriptors (`EMFILE`) or threads (`EAGAIN`).
    public static func start(_ options: Options) throws(EventLoopError) -> EventLoop {
        let loop = try EventLoop(options)
        do throws(Thread.StartError) {
            loop.thread = try Thread.start(name: options.name) { loop.run() }
        } catch {
            loop.isStopping = true
            loop.run()  // to its end, on this thread: that closes what was opened
            throw EventLoopError(operation: "start a thread for", code: error.code, detail: options.name)
        }
        return loop
    }

    /// Closes every handle that is still open, runs what is queued, ends the thread and waits for it; idempotent.
    ///
    /// To be called on a thread that belongs to no task of this loop. Streams that are open end with an error for which
    /// `isStopped` holds, timers never fire, sleepers throw. Later `execute` calls are dropped. Later executor jobs,
    /// that is tasks resumed too late, run on the thread that resumed them, one at a time, so that no task hangs. A task
    /// that yields for ever keeps the loop from ending: cancel tasks before.
    public func stop() {
        precondition(!isCurrent, "a loop cannot wait for its own end")
        let isFirst = inbox.withLock { inbox in
            guard inbox.phase == .running else { return false }
            inbox.phase = .stopping
            wakers.add(1, ordering: .relaxed)
            return true
        }
        guard isFirst else { return inbox.wait(on: joined, until: { $0.phase == .joined }, then: { _ in }) }
        wake()
        thread.take()?.join()
        inbox.withLock { $0.phase = .joined }
        joined.broadcast()
    }

    /// The loop whose thread is calling, if any.
    public static var current: EventLoop? {
        guard let pointer = unsafe CurrentLoop.pointer else { return nil }
        return unsafe Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Whether the calling thread is this loop's.
    public var isCurrent: Bool { unsafe CurrentLoop.pointer == identity }

    /// Stops the process when called on another thread: the caller would race with the loop.
    public func preconditionCurrent() {
        precondition(isCurrent, "called outside the loop's thread")
    }

    /// Monotonic time in nanoseconds, from an arbitrary start (`CLOCK_MONOTONIC`).
    public static func nanosecondsNow() -> UInt64 { uv_hrtime() }

    var identity: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    static func of(_ uv: UnsafeMutablePointer<uv_loop_t>) -> EventLoop {
        unsafe Unmanaged<EventLoop>.fromOpaque(uv.pointee.data).takeUnretainedValue()
    }
}
