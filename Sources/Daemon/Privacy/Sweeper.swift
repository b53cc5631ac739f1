import EventLoop
import Logging
import ModuleKit

/// Finishes erasures whose sweep is still to be done: those that the daemon decided itself, and those that a long reader
/// held up.
final class Sweeper: Sendable {
    private let task: Task<Void, Never>

    private init(_ task: Task<Void, Never>) { self.task = task }

    static func start(
        _ eraser: Eraser, every interval: Duration, on loop: EventLoop, workers: WorkerPool,
        now: @escaping @Sendable () -> Timestamp
    ) async -> Sweeper {
        await withCheckedContinuation { continuation in
            loop.execute {
                let task = Task.immediate(executorPreference: loop) {
                    while !Task.isCancelled {
                        do { try await loop.sleep(for: interval) } catch { return }
                        // A reader that holds it up holds it up to the next time.
                        try? await eraser.sweep(at: now()) { try await workers.run($0) }
                    }
                }
                continuation.resume(returning: Sweeper(task))
            }
        }
    }

    func stop() { task.cancel() }
}
