/// When the WAL is copied into the database file, and when it must start anew. Pure; counts pages.
struct CheckpointPolicy: Sendable {
    let stepPages: Int
    let pagesMax: Int
    private var askedAt = 0

    init(stepPages: Int, pagesMax: Int) { (self.stepPages, self.pagesMax) = (stepPages, pagesMax) }

    /// Whether a commit, after which the WAL holds `walPages`, calls for a checkpoint.
    mutating func committed(walPages: Int) -> Bool {
        // Fewer than before: the WAL has started anew.
        if walPages < askedAt { askedAt = 0 }
        guard walPages - askedAt >= stepPages else { return false }
        askedAt = walPages
        return true
    }

    /// Whether, after a checkpoint, the WAL is still too long: writers kept appending, or a reader held it back.
    func mustRestart(walPages: Int) -> Bool { walPages > pagesMax }
}
