import Threading

/// Why a worker pool did not take work.
public enum WorkerPoolError: Error, Equatable {
    /// As many are waiting as may.
    case full
    /// `shutdown` was called.
    case stopped
}

/// Threads for what would block a loop: files, long queries, compression.
public final class WorkerPool: Sendable {
    /// How many may wait, beside those that run.
    public let queueMax: Int
    private let queue = Lock(WorkQueue())
    private let changed = Condition()
    private let threads = Lock([Worker]())

    /// Starts the threads.
    ///
    /// - Parameter name: of each thread; at most 15 bytes are shown.
    /// - Throws: no thread could be made (`EAGAIN`).
    public init(threads count: Int, queueMax: Int, name: String) throws(EventLoopError) {
        precondition(count > 0 && queueMax > 0)
        self.queueMax = queueMax
        for _ in 0..<count {
            do throws(Thread.StartError) {
                let worker = try Worker(name: name) { [queue, changed] in serve(queue, changed) }
                threads.withLock { $0.append(worker) }
            } catch {
                shutdown()
                throw EventLoopError(operation: "start a thread for", code: error.code, detail: name)
            }
        }
    }

    /// Runs `work` on one of the pool's threads; the caller goes on where it was, that is on its loop.
    ///
    /// Work that was taken runs to its end, also when the calling task is cancelled.
    ///
    /// - Throws: `WorkerPoolError`, at once, when the queue is full or the pool is shut down; else what `work` throws.
    public func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let refusal = submit { continuation.resume(with: Swift.Result { try work() }) }
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// How much work was refused because as much waited as may.
    public var refusedCount: Int { queue.withLock { $0.refusedCount } }

    /// Adds to the queue; nil when it was taken.
    func submit(_ work: @escaping @Sendable () -> Void) -> WorkerPoolError? {
        let refusal = queue.withLock { queue -> WorkerPoolError? in
            if queue.isStopped { return .stopped }
            if queue.count >= queueMax {
                queue.refusedCount += 1
                return .full
            }
            queue.append(work)
            return nil
        }
        if refusal == nil { changed.signal() }
        return refusal
    }

    /// Takes no more work, finishes what is queued and waits for the threads; not from one of them. Idempotent.
    public func shutdown() {
        queue.withLock { $0.isStopped = true }
        changed.broadcast()
        for worker in threads.withLock({ workers in
            defer { workers = [] }; return workers
        }) { worker.join() }
    }
}

/// What waits for a thread, first in first out.
private struct WorkQueue {
    var refusedCount = 0
    private var waiting: [(@Sendable () -> Void)?] = []
    private var taken = 0  // so many at the front of `waiting` are gone
    var isStopped = false

    var count: Int { waiting.count - taken }

    mutating func append(_ work: @escaping @Sendable () -> Void) {
        if taken > 32, taken * 2 > waiting.count {
            waiting.removeFirst(taken)
            taken = 0
        }
        waiting.append(work)
    }

    mutating func popFirst() -> (@Sendable () -> Void)? {
        guard count > 0 else { return nil }
        defer { taken += 1 }
        return waiting[taken].take()
    }
}

/// The life of one thread.
private func serve(_ queue: Lock<WorkQueue>, _ changed: Condition) {
    func next() -> (@Sendable () -> Void)? {
        queue.wait(on: changed, until: { $0.count > 0 || $0.isStopped }, then: { $0.popFirst() })
    }
    while let work = next() { work() }
}

/// A thread in an array, which cannot hold a non-copyable value.
// Proof: `thread` is set by init, before others have the worker, and taken by the one `shutdown` that found it in the
// pool's list, under that list's lock.
private final class Worker: @unchecked Sendable {
    private var thread: Thread?

    init(name: String, _ main: @escaping @Sendable () -> Void) throws(Thread.StartError) {
        thread = try Thread.start(name: name, main)
    }

    func join() { thread.take()?.join() }
}
