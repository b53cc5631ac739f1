extension EventLoop: SerialExecutor, TaskExecutor {
    /// On the loop's own thread one push into its ring, from elsewhere a locked append and at most one wake-up.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent { ring.push(.executor(job)) } else { postExecutorJob(job) }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { unsafe UnownedTaskExecutor(ordinary: self) }

    public func checkIsolated() { preconditionCurrent() }

    public func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Runs queued jobs, those that they add too, until the ring is empty or `max` have run.
    func runJobs(max: Int) {
        var left = max
        while left > 0, let job = ring.pop() {
            left -= 1
            switch job {
            case .executor(let job):
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            case .work(let work): work()
            }
        }
    }
}
