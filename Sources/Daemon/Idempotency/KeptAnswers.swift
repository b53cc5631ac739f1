import Metrics
import ModuleKit
import RPC
import Store

/// Carries each keyed write out once (DESIGN §5): the first time its body runs and its answer is kept in the same
/// transaction; later, while it is kept, that answer is given and nothing runs.
///
/// The one writer runs bodies one after the other, and answers their callers after the commit. So of two calls with one
/// key that come together the second finds the first's row, or runs itself if the first has failed; no lock is needed.
struct KeptAnswers: Sendable {
    /// What a keyed write came to.
    enum Outcome<Result: Sendable>: Sendable {
        /// Its body has run.
        case made(Result)
        /// It was carried out before: the encoded answer of then.
        case kept([UInt8])
    }

    /// How long an answer is kept.
    let keep: Duration
    /// Answers that are kept at most; beyond, the oldest go before their time.
    let keysMax: Int
    private let replays: Counter
    private let dropped: Counter

    init(keep: Duration, keysMax: Int, metrics: MetricsRegistry) {
        (self.keep, self.keysMax) = (keep, keysMax)
        replays = metrics.counter(
            "cordee_idempotency_replays_total",
            "Writes that were answered as the first time, and not carried out again.")
        dropped = metrics.counter(
            "cordee_idempotency_dropped_total", "Answers that left before their time, since there were too many.")
    }

    /// The answer of a call that was carried out; nil if it was not.
    ///
    /// - Throws: PERMISSION_DENIED for a caller who has lost a role since; FAILED_PRECONDITION, if the key came with
    ///   another request, or the answer is not there any more.
    func answer(
        to key: IdempotencyKey, _ fingerprint: Fingerprint, _ facts: CallFacts, in db: some Queryable
    ) throws -> [UInt8]? {
        try AnswerTable.find(key, in: db).flatMap { try answer(of: $0, fingerprint, facts) }
    }

    private func answer(of row: AnswerTable.Row, _ fingerprint: Fingerprint, _ facts: CallFacts) throws -> [UInt8]? {
        guard row.at + keep > facts.now else { return nil }
        // The access rule has let the caller in; what only the handler compares (whose school, which of many boards)
        // cannot be asked without running it, so whoever has lost anything is refused.
        let held = Set(Self.roles(of: facts.caller))
        guard row.roles.split(separator: "\n").allSatisfy({ held.contains(String($0)) }) else { throw Status.forbidden }
        guard row.fingerprint == fingerprint.bytes else { throw Status.idempotencyKeyReused }
        guard row.isKept else { throw Status.answerNotKept }
        guard let response = row.response else { throw Status.answerErased }
        return response
    }

    /// Runs a body, unless its call was carried out before. Inside a write.
    ///
    /// - Parameter encode: the answer as it is kept; nil for one that must not be.
    func once<Result: Sendable>(
        _ key: IdempotencyKey, _ fingerprint: Fingerprint, _ facts: CallFacts, in db: Transaction,
        encode: (Result) throws -> [UInt8]?, _ body: () throws -> Result
    ) throws -> Outcome<Result> {
        if let row = try AnswerTable.find(key, in: db) {
            if let kept = try answer(of: row, fingerprint, facts) {
                db.onCommit { [replays] in replays.add() }
                return .kept(kept)
            }
            try AnswerTable.delete(row.seq, in: db)
        }
        let result = try body()
        let roles = Self.roles(of: facts.caller).joined(separator: "\n")
        let seq = try AnswerTable.insert(
            key, fingerprint, roles: roles, response: try encode(result), at: facts.now, in: db)
        // Now and then, so that a write in between pays nothing; more than came in, so that a backlog ends.
        if seq % 16 == 0 { try prune(32, at: facts.now, in: db) }
        return .made(result)
    }

    private static func roles(of caller: Caller) -> [String] {
        caller.roles.map { "\($0.role.rawValue) \($0.board) \($0.org ?? "")" }
    }

    /// Deletes rows that are past their time or too many, from the oldest on; a job calls it for a daemon whom nobody
    /// writes to.
    ///
    /// - Parameter count: how many at most.
    /// - Returns: how many there were.
    @discardableResult
    func prune(_ count: Int, at now: Timestamp, in db: Transaction) throws -> Int {
        // Numbers have few gaps, so the last one tells how many rows there are.
        let last = try AnswerTable.newest(in: db) - Int64(keysMax)
        let rows = try AnswerTable.oldest(count, in: db).prefix { $0.at + keep <= now || $0.seq <= last }
        guard let end = rows.last else { return 0 }
        try AnswerTable.delete(upTo: end.seq, in: db)
        let early = rows.count { $0.at + keep > now }
        if early > 0 { db.onCommit { [dropped] in dropped.add(Int64(early)) } }
        return rows.count
    }
}
