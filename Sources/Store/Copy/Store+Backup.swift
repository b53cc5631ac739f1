import Metrics
import Threading

/// A copy of the database that was written.
public struct BackupSummary: Sendable, Equatable {
    /// The file's size.
    public let byteCount: Int64
    /// How long writing it took.
    public let duration: Duration
}

extension Store {
    /// Writes a copy of the database as it is at one moment, on a thread for reports, while reads and writes go on.
    ///
    /// The file can be read by its owner only, needs no other file beside it, and is complete or absent: also when the
    /// process is killed, also after a loss of power.
    ///
    /// - Parameters:
    ///   - path: where; nothing may be there.
    ///   - inspect: reads the copy before it gets its name, for what is to be told of it.
    /// - Throws: `CopyError`: `exists`, `store(.folder)` naming what cannot be written, `store(.full)`,
    ///   `store(.timeLimit)`, `store(.cancelled)` and `store(.closed)`.
    public func backup<Value: Sendable>(
        to path: String, timeLimit: Duration, inspect: @escaping @Sendable (Reader) throws -> Value
    ) async throws -> (summary: BackupSummary, value: Value) {
        let cancelled = StopFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                copy(to: path, timeLimit, cancelled, inspect) { continuation.resume(with: $0) }
            }
        } onCancel: {
            cancelled.raise()
        }
    }

    private func copy<Value: Sendable>(
        to path: String, _ timeLimit: Duration, _ cancelled: StopFlag,
        _ inspect: @escaping @Sendable (Reader) throws -> Value,
        _ done: @escaping @Sendable (Result<(summary: BackupSummary, value: Value), CopyError>) -> Void
    ) {
        let (options, metrics, limit) = (shared.options, shared.metrics, timeLimit.nanoseconds)
        let work: Reports.Work = { source in
            let result = Result { () throws(CopyError) -> (summary: BackupSummary, value: Value) in
                let beganAt = MonotonicClock.now()
                let source = try CopyError.of { () throws(StoreError) in try source.get() }
                let (deadline, overflow) = beganAt.addingReportingOverflow(limit)
                source.signals.limit = .init(
                    deadline: overflow ? .max : deadline, error: .timeLimit, cancelled: cancelled)
                defer { source.signals.limit = nil }
                let (byteCount, value) = try Backup(path: path, options: options).write(from: source, inspect)
                let duration = Duration.nanoseconds(Int64(clamping: MonotonicClock.now() - beganAt))
                return (BackupSummary(byteCount: byteCount, duration: duration), value)
            }
            switch result {
            case .success: metrics.backups.add()
            case .failure: metrics.backupFailures.add()
            }
            done(result)
        }
        do throws(StoreError) { try reports.add(work) } catch { done(.failure(.store(error))) }
    }
}

extension CopyError {
    /// Runs `body`, whose failure is one of the copying.
    static func of<Value>(_ body: () throws(StoreError) -> Value) throws(CopyError) -> Value {
        do { return try body() } catch { throw .store(error) }
    }
}
