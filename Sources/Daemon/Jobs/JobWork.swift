import Logging
import ModuleKit
import Store

/// One job that is due: done in the write that takes its row away, so that its effect is there once.
struct JobWork: Sendable {
    let kind: JobKind
    let row: JobTable.Entry
    let store: Store
    let effects: WriteEffects
    let perseverance: Perseverance
    let now: @Sendable () -> Timestamp
    let logger: Logger

    enum Outcome: Sendable {
        case done
        case failed(isAside: Bool)
        /// The store could not write: nothing is lost, it is done again.
        case deferred
        /// It was moved, or taken back, before its turn came.
        case gone
    }

    func run() async -> Outcome {
        let instant = now()
        do {
            let isDone = try await store.write("job \(kind.name)") { db in
                guard let job = try JobTable.take(row, in: db) else { return false }
                let call = EffectCall(db: db, now: instant, effects: effects)
                try kind.run(job, row.due, call)
                if let period = kind.period, job.key.isEmpty { try call.schedule(job, after: row.due, every: period) }
                return true
            }
            return isDone ? .done : .gone
        } catch let error as StoreError where error.isPassing {
            return .deferred
        } catch {
            return await fail(error)
        }
    }

    private func fail(_ cause: any Error) async -> Outcome {
        let (instant, failure) = (now(), FailureText(cause))
        do {
            let failed = try await store.write("job \(kind.name)") { db in
                try JobTable.fail(row, failure, perseverance, now: instant, in: db)
            }
            guard let failed else { return .gone }
            logger.warning(
                failed.isAside ? "job set aside" : "job failed",
                metadata: [
                    "kind": "\(kind.name)", "key": "\(failed.key)", "tries": "\(failed.tries)",
                    "error": "\(failure.text)",
                ])
            return .failed(isAside: failed.isAside)
        } catch {
            return .deferred
        }
    }
}
