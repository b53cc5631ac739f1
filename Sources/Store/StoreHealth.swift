import Threading

/// How the Store is, for the daemon's health service.
public enum StoreHealth: Equatable, Sendable {
    case ok
    /// Serving; the file is being checked after an unclean stop.
    case checking
    /// Writes fail (reads go on), or the file is damaged. Ends by itself with the next write that is kept.
    case failing(StoreError)
}

/// Collects what the writer, the checkpointer and the background check find.
final class HealthBoard: Sendable {
    private struct Findings {
        var isChecking = false
        var isDamaged = false
        var writing: StoreError?
        var checkpoint: StoreError?
    }

    private let findings = Lock(Findings())

    var health: StoreHealth {
        findings.withLock { findings in
            if findings.isDamaged { return .failing(.corrupt) }
            if let error = findings.writing ?? findings.checkpoint { return .failing(error) }
            return findings.isChecking ? .checking : .ok
        }
    }

    /// Whether the next start may trust the file without a check.
    var isSound: Bool { findings.withLock { !$0.isChecking && !$0.isDamaged } }

    func checkBegan() { findings.withLock { $0.isChecking = true } }

    func checkEnded(isDamaged: Bool) {
        findings.withLock { findings in
            findings.isChecking = false
            findings.isDamaged = findings.isDamaged || isDamaged
        }
    }

    /// A write was kept: whatever stood in the way is gone.
    func writeSucceeded() { findings.withLock { $0.writing = nil } }

    func writeFailed(_ error: StoreError) {
        guard error.concernsTheMachine else { return }
        findings.withLock { $0.writing = error }
    }

    func checkpointEnded(_ error: StoreError?) { findings.withLock { $0.checkpoint = error } }
}
