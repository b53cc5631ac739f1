public import EventLoop
import Synchronization

extension LoopBound where Value == ServerCall {
    /// Suspends the handler of a stream that has nothing to tell at present, for `duration`.
    ///
    /// A shutdown ends such a stream at once, since it would not end by itself within any grace.
    /// - Throws: UNAVAILABLE when the server stops; `CancellationError`, once the call is over.
    public func pause(for duration: Duration) async throws {
        let core = value.connection.core
        guard !core.isDraining.load(ordering: .relaxed) else {
            throw Overload(cause: .shutdown, retryDelay: core.limits.retryDelay)
        }
        value.isPaused = true
        defer { value.isPaused = false }
        try await loop.sleep(for: duration)
    }
}
