import CUV
import Synchronization
import Threading

/// What other threads leave for a loop.
struct Inbox {
    enum Phase { case running, stopping, ended, joined }

    var phase = Phase.running
    var jobs: [LoopJob] = []
    /// A thread is running jobs that came after the end; the others leave theirs to it.
    var isLateRunning = false
    /// How many handles were left when the loop's thread ended: zero, or `stop` is broken.
    var handleCountAtEnd: Int?

    var hasEnded: Bool { phase == .ended || phase == .joined }
}

extension EventLoop {
    /// Runs `work` on the loop, never inside this call; work sent by one thread keeps its order.
    ///
    /// From any thread. After `stop` it is dropped, that is released without being called.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        submit(work)
    }

    /// As `execute`, but after the loop has looked at its sockets: for what goes on in slices and must not hold them up.
    ///
    /// On the loop's thread only.
    public func executeNextTurn(_ work: @escaping @Sendable () -> Void) {
        preconditionCurrent()
        guard !isStopping else { return }
        nextTurn.append(work)
    }

    /// A turn begins.
    func takeNextTurn() {
        guard !nextTurn.isEmpty else { return }
        for work in nextTurn { ring.push(.work(work)) }
        nextTurn.removeAll(keepingCapacity: nextTurn.capacity <= 4_096)
    }

    /// As `execute` for each, in order, with one wake-up for all.
    public func execute(batch: [@Sendable () -> Void]) {
        if isCurrent {
            guard !isStopping else { return }
            for work in batch { ring.push(.work(work)) }
        } else {
            post(batch.lazy.map { .work($0) })
        }
    }

    /// As `execute`; tells whether the work was taken. What was taken runs, also when the loop stops meanwhile.
    @discardableResult
    public func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard isCurrent else { return post(CollectionOfOne(.work(work))) }
        guard !isStopping else { return false }
        ring.push(.work(work))
        return true
    }

    /// At once on the loop's thread, else as `execute`.
    func perform(_ work: @escaping @Sendable () -> Void) {
        if isCurrent { work() } else { submit(work) }
    }

    @discardableResult
    private func post(_ jobs: some Collection<LoopJob>) -> Bool {
        let (isTaken, wakes) = inbox.withLock { inbox -> (Bool, Bool) in
            guard inbox.phase == .running else { return (false, false) }
            return (true, append(jobs, to: &inbox))
        }
        if wakes { wake() }
        return isTaken
    }

    /// Adds to the inbox; answers whether the caller must wake the loop, which it then owes.
    private func append(_ jobs: some Collection<LoopJob>, to inbox: inout Inbox) -> Bool {
        let wakes = inbox.jobs.isEmpty && !jobs.isEmpty
        inbox.jobs.append(contentsOf: jobs)
        // Counted under the lock, so that the loop cannot close its descriptor before the wake-up is written to it.
        if wakes { wakers.add(1, ordering: .relaxed) }
        return wakes
    }

    /// Pays a wake-up that was counted in `wakers`.
    func wake() {
        unsafe own.wake()
        wakers.subtract(1, ordering: .releasing)
    }

    /// Moves what others left into the ring; on the loop's thread.
    func takeInbox() {
        let phase = inbox.withLock { inbox in
            swap(&inbox.jobs, &spare)
            return inbox.phase
        }
        for job in spare { ring.push(job) }
        spare.removeAll(keepingCapacity: spare.capacity <= 4_096)
        if phase == .stopping && !isStopping { beginStop() }
    }

    /// An executor job from another thread. It is never dropped: a task would hang.
    func postExecutorJob(_ job: UnownedJob) {
        let (wakes, runs) = inbox.withLock { inbox -> (Bool, Bool) in
            guard inbox.hasEnded else { return (append(CollectionOfOne(.executor(job)), to: &inbox), false) }
            inbox.jobs.append(.executor(job))
            defer { inbox.isLateRunning = true }
            return (false, !inbox.isLateRunning)
        }
        if wakes { wake() }
        if runs { runLateJobs() }
    }

    /// Runs on this thread, as if it were the loop's, what came after the end.
    private func runLateJobs() {
        let before = unsafe CurrentLoop.pointer
        unsafe CurrentLoop.set(identity)
        defer { unsafe CurrentLoop.set(before) }
        repeat {
            takeInbox()
            runJobs(max: .max)
        } while !inbox.withLock { inbox in
            if inbox.jobs.isEmpty { inbox.isLateRunning = false }
            return inbox.jobs.isEmpty
        }
    }
}
