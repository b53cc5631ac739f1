import Synchronization

/// Tells long work to stop, from any thread.
final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)
    var isRaised: Bool { flag.load(ordering: .acquiring) }
    func raise() { flag.store(true, ordering: .releasing) }
}

/// What SQLite's callbacks on one connection read and write: the limit of the work that runs, the size of the WAL.
///
/// It belongs to the connection's thread, as the callbacks run there, inside `sqlite3_step`.
final class ConnectionSignals {
    /// A time by which the running work must end, and what it is told when it does not.
    struct Limit {
        /// By `MonotonicClock`.
        var deadline: UInt64
        var error: StoreError
        /// Raised when nobody wants the result any more.
        var cancelled: StopFlag?
    }

    var limit: Limit?
    /// Raised once for the whole store, at its close.
    let storeIsClosing: StopFlag?
    /// Frames in the WAL after the last commit on this connection.
    var walPages = 0

    init(storeIsClosing: StopFlag?) { self.storeIsClosing = storeIsClosing }

    /// Why the running work must stop now, if it must.
    var interruption: StoreError? {
        if let storeIsClosing, storeIsClosing.isRaised { return .closed }
        guard let limit else { return nil }
        if let cancelled = limit.cancelled, cancelled.isRaised { return .cancelled }
        return MonotonicClock.now() >= limit.deadline ? limit.error : nil
    }
}

/// `sqlite3_progress_handler`'s callback: a number other than 0 interrupts the statement.
func interruptWhenOverLimit(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context = unsafe context else { return 0 }
    // Proof: the context is the `ConnectionSignals` of the connection that calls, which outlives its handle.
    let signals = unsafe Unmanaged<ConnectionSignals>.fromOpaque(context).takeUnretainedValue()
    return signals.interruption == nil ? 0 : 1
}

/// `sqlite3_wal_hook`'s callback, called after each commit that wrote.
func noteWALSize(
    _ context: UnsafeMutableRawPointer?, _ database: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ pages: Int32
) -> Int32 {
    guard let context = unsafe context else { return 0 }
    // Proof: as above.
    unsafe Unmanaged<ConnectionSignals>.fromOpaque(context).takeUnretainedValue().walPages = Int(pages)
    return 0
}
