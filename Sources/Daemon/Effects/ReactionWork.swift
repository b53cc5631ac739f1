import Logging
import ModuleKit
import Store

/// One reaction's turn: takes the next events in one write, and writes down a failure.
struct ReactionWork: Sendable {
    /// How many events, also those that are none of its business, one write goes past.
    static let passedMax = 500

    /// "workshops.withdraw_leavers".
    let name: String
    let reaction: Reaction
    let store: Store
    let effects: WriteEffects
    let perseverance: Perseverance
    /// How many events of its types one write takes.
    let batch: Int
    let now: @Sendable () -> Timestamp
    let logger: Logger

    /// What became of a turn.
    enum Outcome: Sendable {
        /// It went past all events up to `cursor`, and took some; `isBehind`: there may be more.
        case moved(cursor: Int64, taken: Int, isBehind: Bool)
        /// An event failed; all before it are done with. `isStopped`: it was the last try.
        case failed(isStopped: Bool)
        /// The store could not write: nothing is lost, it is done again.
        case deferred
        /// It was stopped meanwhile.
        case idle
    }

    /// An event failed, in a write that is undone by it.
    private struct Failure: Error {
        let sequence: Int64
        /// How many events the same write had taken before it.
        let taken: Int
        let cause: any Error
    }

    /// Takes the next events. Where one fails, those before it are taken for good.
    ///
    /// - Parameter seen: up to here no event after the cursor concerns the reaction.
    func run(after seen: Int64) async -> Outcome {
        do {
            return try await attempt(after: seen, upTo: .max, batch)
        } catch let error as StoreError where error.isPassing {
            return .deferred
        } catch {
            logger.error("reaction", metadata: ["reaction": "\(name)", "error": "\(FailureText(error).text)"])
            return .deferred
        }
    }

    private func attempt(after seen: Int64, upTo bound: Int64, _ batch: Int) async throws -> Outcome {
        do {
            return try await take(after: seen, upTo: bound, batch)
        } catch let failure as Failure {
            let error = failure.cause as? StoreError
            if let error, error.isPassing { throw error }
            // The write is undone as a whole: what came before the failing event is done again, without it.
            if failure.taken > 0 {
                let before = try await attempt(after: seen, upTo: failure.sequence - 1, batch)
                guard case .moved(let cursor, let taken, _) = before else { return before }
                // All of them together were too slow: the last one has not failed yet.
                if case .budget = error { return .moved(cursor: cursor, taken: taken, isBehind: true) }
            }
            return try await fail(at: failure.sequence, failure.cause)
        } catch let error as StoreError where error.isPassing {
            throw error
        } catch {
            // It came behind the body, which one of the events must have caused: the next one, if it is alone.
            return batch > 1 ? try await attempt(after: seen, upTo: bound, 1) : try await fail(at: nil, error)
        }
    }

    /// One write that takes up to `batch` events, none of them after `bound`.
    private func take(after seen: Int64, upTo bound: Int64, _ batch: Int) async throws -> Outcome {
        let instant = now()
        return try await store.write("reaction \(name)") { db in
            guard let row = try ReactionTable.find(name, in: db), row.state == .running else { return .idle }
            let call = EffectCall(db: db, now: instant, effects: effects)
            // What failed is tried alone.
            let batch = row.tries > 0 ? 1 : batch
            var (cursor, taken) = (max(row.cursor, seen), 0)
            let next = try LoggedEvents.types(after: cursor, limit: Self.passedMax, in: db)
            for (sequence, type) in next where sequence <= bound && taken < batch {
                if reaction.types.contains(type), let event = try EventRow.at(sequence, in: db)?.logged {
                    do { try reaction.take(event, call) } catch {
                        throw Failure(sequence: sequence, taken: taken, cause: error)
                    }
                    taken += 1
                }
                cursor = sequence
            }
            if cursor > row.cursor { try ReactionTable.move(name, to: cursor, in: db) }
            let isBehind = next.count == Self.passedMax || cursor < next.last?.sequence ?? cursor
            return .moved(cursor: cursor, taken: taken, isBehind: isBehind)
        }
    }

    /// Writes down that an event failed: the next one of the reaction's types if `sequence` is nil.
    private func fail(at sequence: Int64?, _ cause: any Error) async throws -> Outcome {
        let (instant, failure) = (now(), FailureText(cause))
        let row = try await store.write("reaction \(name)") { db -> ReactionTable.Entry? in
            guard let sequence = try sequence ?? nextSequence(in: db) else { return nil }
            return try ReactionTable.fail(name, at: sequence, failure, perseverance, now: instant, in: db)
        }
        guard let row else { return .idle }
        logger.warning(
            row.state == .stopped ? "reaction set aside" : "reaction failed",
            metadata: [
                "reaction": "\(name)", "event": "\(row.failingSequence ?? 0)", "tries": "\(row.tries)",
                "error": "\(failure.text)",
            ])
        return .failed(isStopped: row.state == .stopped)
    }

    private func nextSequence(in db: Transaction) throws -> Int64? {
        guard let row = try ReactionTable.find(name, in: db) else { return nil }
        return try LoggedEvents.types(after: row.cursor, limit: Self.passedMax, in: db)
            .first { reaction.types.contains($0.type) }?.sequence
    }
}
