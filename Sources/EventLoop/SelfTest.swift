import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One way for a handler to wait, and whether it was on its loop in each step of it.
///
/// A pattern that handlers may use joins `all` first.
struct SuspensionProbe: Sendable {
    let name: String
    /// Whether all code in between ran on the loop, where that is promised; `failed` looks at what comes after itself.
    let run: @Sendable (EventLoop) async -> Bool

    /// The first probe after which the task was not on `loop`, or which left it on its way.
    ///
    /// Starts a task on the loop as a handler is started, one for each probe.
    static func firstFailure(of probes: [SuspensionProbe], on loop: EventLoop) async throws(EventLoopError) -> String? {
        for probe in probes {
            let isKept = await withCheckedContinuation { continuation in
                let isTaken = loop.submit { start(probe, on: loop) { continuation.resume(returning: $0) } }
                if !isTaken { continuation.resume(returning: nil) }
            }
            guard let isKept else { throw .stopped("self-test", loop.options.name) }
            if !isKept { return probe.name }
        }
        return nil
    }

    /// As handlers are started: a nonisolated function on the loop's thread, inline.
    private nonisolated static func start(
        _ probe: SuspensionProbe, on loop: EventLoop, _ done: @escaping @Sendable (Bool?) -> Void
    ) {
        let hasReturned = Lock(false)
        Task.immediate(executorPreference: loop) {
            let isInline = !hasReturned.withLock { $0 } && loop.isCurrent
            let stayed = await probe.run(loop)
            done(isInline && stayed && loop.isCurrent)
        }
        hasReturned.withLock { $0 = true }
    }
}

extension EventLoop {
    /// Proves for each loop that a handler is still on it after each kind of suspension that handlers may use.
    ///
    /// To be awaited at start, before the first connection; a Swift runtime that breaks this breaks all of RPC.
    ///
    /// - Throws: names the loop and the kind of suspension that left it.
    public static func selfTest(_ loops: [EventLoop]) async throws(EventLoopError) {
        let pool = try WorkerPool(threads: 1, queueMax: loops.count + 1, name: "self-test")
        defer { pool.shutdown() }
        for loop in loops {
            guard let name = try await SuspensionProbe.firstFailure(of: SuspensionProbe.all(pool), on: loop) else {
                continue
            }
            throw EventLoopError(
                operation: "self-test", code: ENOTSUP, detail: "\(loop.options.name): a task left it by \(name)")
        }
    }
}

extension SuspensionProbe {
    static func all(_ pool: WorkerPool) -> [SuspensionProbe] {
        [
            SuspensionProbe(name: "async let") { loop in
                async let child = isCurrent(loop)
                return await child
            },
            SuspensionProbe(name: "a task group") { loop in
                await withTaskGroup { group in
                    for _ in 0..<2 { group.addTask { loop.isCurrent } }
                    return await group.reduce(true) { $0 && $1 }
                }
            },
            SuspensionProbe(name: "Task.yield") { loop in
                await Task.yield()
                return loop.isCurrent
            },
            SuspensionProbe(name: "a @concurrent function") { loop in await concurrentIsCurrent(loop) },
            SuspensionProbe(name: "an AsyncStream fed elsewhere") { loop in
                let (stream, feed) = AsyncStream.makeStream(of: Int.self)
                onOtherThread(pool) {
                    feed.yield(1)
                    feed.finish()
                }
                var stayed = true
                for await _ in stream { stayed = stayed && loop.isCurrent }
                return stayed
            },
            SuspensionProbe(name: "a continuation resumed elsewhere") { loop in
                await withCheckedContinuation { continuation in onOtherThread(pool) { continuation.resume() } }
                return loop.isCurrent
            },
            SuspensionProbe(name: "a sleep") { loop in
                try? await loop.sleep(for: .milliseconds(1))
                return loop.isCurrent
            },
            SuspensionProbe(name: "the worker pool") { loop in
                let isElsewhere = try? await pool.run { !loop.isCurrent }
                return isElsewhere == true && loop.isCurrent
            },
        ]
    }

    private static func isCurrent(_ loop: EventLoop) async -> Bool { loop.isCurrent }

    @concurrent private static func concurrentIsCurrent(_ loop: EventLoop) async -> Bool { loop.isCurrent }

    private static func onOtherThread(_ pool: WorkerPool, _ work: @escaping @Sendable () -> Void) {
        // What the pool refuses would hang the probe, and it has one caller at a time.
        precondition(pool.submit(work) == nil)
    }
}
