import Synchronization

/// Tells who waits for events that there are more in the log.
final class EventBell: Sendable {
    private let last = Atomic<Int64>(0)

    /// The place of the last event that is on disk, as far as this start of the daemon knows.
    var latest: Int64 { last.load(ordering: .acquiring) }

    /// Called after a commit.
    func raise(to sequence: Int64) { last.max(sequence, ordering: .acquiringAndReleasing) }
}
