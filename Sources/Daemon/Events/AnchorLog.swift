import EventLoop
import Logging
import ModuleKit
import Store

/// Writes the anchor of the log of events to the log of the service now and then, whenever there was something new.
///
/// The service's log usually goes to another machine, or at least to other hands: it is where an anchor is safe.
final class AnchorLog: Sendable {
    private let task: Task<Void, Never>

    private init(_ task: Task<Void, Never>) { self.task = task }

    /// Begins to write, on a loop, until `stop`.
    static func start(
        of store: Store, every interval: Duration, on loop: EventLoop, _ logger: Logger
    ) async -> AnchorLog {
        await withCheckedContinuation { continuation in
            loop.execute {
                let task = Task.immediate(executorPreference: loop) { await write(of: store, interval, loop, logger) }
                continuation.resume(returning: AnchorLog(task))
            }
        }
    }

    private static func write(of store: Store, _ interval: Duration, _ loop: EventLoop, _ logger: Logger) async {
        var last: Anchor?
        while !Task.isCancelled {
            if let anchor = try? await anchor(of: store), anchor != last {
                logger.notice("\(anchor.text)")
                last = anchor
            }
            do { try await loop.sleep(for: interval) } catch { return }
        }
    }

    func stop() { task.cancel() }

    private static func anchor(of store: Store) async throws -> Anchor? {
        try await store.report(timeLimit: .seconds(5)) { try Anchor.current(in: $0) }
    }
}
