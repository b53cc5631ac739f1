import ModuleKit
import Store

/// Gives up what the daemon has kept for long enough: events, who saw whose data, answers of keyed writes, tokens
/// that ended.
///
/// A job of some hundred rows each, so that it holds up nobody; while there is more, another one follows it at once.
struct Retention: Sendable {
    static let jobName = "system.retention"
    private static let period = Duration.seconds(3_600)
    private static let rowsPerJob = 500

    let events: LogRetention
    /// The names of all reactions that are compiled in: what one of them has still to take stays, however old.
    let reactions: Set<String>
    let accesses: AccessRecorder
    let answers: KeptAnswers

    var job: JobKind {
        JobKind(Self.jobName, every: Self.period) { _, _, call in
            guard try step(at: call.now, in: call.db) else { return }
            try call.schedule(Job(Self.jobName, key: "more"), at: call.now)
        }
    }

    /// - Returns: whether there may be more.
    private func step(at now: Timestamp, in db: Transaction) throws -> Bool {
        let needed = try ReactionTable.firstNeeded(by: reactions, in: db) ?? .max
        let moreEvents = try events.step(at: now, before: needed, rowsMax: Self.rowsPerJob, in: db)
        let goneAccesses = try accesses.prune(Self.rowsPerJob, at: now, in: db)
        let goneAnswers = try answers.prune(Self.rowsPerJob, at: now, in: db)
        let goneTokens = try TokenTable.prune(Self.rowsPerJob, at: now, in: db)
        return moreEvents || goneTokens == Self.rowsPerJob || goneAccesses == Self.rowsPerJob
            || goneAnswers == Self.rowsPerJob
    }
}
