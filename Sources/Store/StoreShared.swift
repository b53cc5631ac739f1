import Threading

/// What the Store's threads have in common.
struct StoreShared: Sendable {
    let options: StoreOptions
    /// Held until the last thread has ended, even when nobody waits for that.
    let lock: DataLock
    let metrics: StoreMetrics
    let queue: WriteQueue
    let health: HealthBoard
    let checkpointer: Checkpointer
    /// Raised at close: reports and the background check end at once.
    let isClosing = StopFlag()
    let reopenHooks = Lock<[@Sendable (Reader) throws -> Void]>([])

    init(_ options: StoreOptions, _ metrics: StoreMetrics, _ lock: DataLock) {
        (self.options, self.metrics, self.lock) = (options, metrics, lock)
        health = HealthBoard()
        queue = WriteQueue(countMax: options.queueMax, waiting: metrics.waitingBodies)
        checkpointer = Checkpointer(options, metrics, health, queue)
    }
}
