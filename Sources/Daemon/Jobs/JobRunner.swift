import Logging
import Metrics
import ModuleKit
import Store

/// Does the jobs of all modules when they are due by the wall clock, on one loop, each in a write of its own.
///
/// Jobs of a kind that no module declares (a module turned off, or gone) stay where they are.
final class JobRunner: EffectRunner {
    private let kinds: [JobKind]
    private let work: @Sendable (JobKind, JobTable.Entry) -> JobWork
    private let reader: Reader
    private let store: Store
    private let report: EffectReport
    private let settings: Settings
    private let now: @Sendable () -> Timestamp
    private let meters: JobMeters

    struct Settings: Sendable {
        let perseverance: Perseverance
        /// How many jobs of a kind are done in one turn.
        let batch: Int
        /// How long a jump of the wall clock may go unseen.
        let lookInterval: Duration
    }

    init(
        _ kinds: [JobKind], _ settings: Settings, store: Store, reader: Reader, report: EffectReport,
        metrics: MetricsRegistry, now: @escaping @Sendable () -> Timestamp,
        work: @escaping @Sendable (JobKind, JobTable.Entry) -> JobWork
    ) {
        (self.kinds, self.settings, self.store, self.reader) = (kinds, settings, store, reader)
        (self.report, self.now, self.work) = (report, now, work)
        meters = JobMeters(metrics)
    }

    func turn() async throws -> Rest {
        let instant = now()
        var due: [JobWork] = []
        var next: Timestamp?
        for kind in kinds {
            for row in try JobTable.next(kind.name, limit: settings.batch, in: reader) {
                guard row.tryAt > instant else {
                    due.append(work(kind, row))
                    continue
                }
                next = min(next ?? row.tryAt, row.tryAt)
                break
            }
        }
        let isDeferred = take(await run(due))
        try tell()
        try await catchUp(at: instant)
        if isDeferred { return .atMost(settings.lookInterval) }
        if !due.isEmpty { return .none }
        guard let next else { return .untilRung }
        return .atMost(min(max(next - instant, .zero), settings.lookInterval))
    }

    private func run(_ due: [JobWork]) async -> [JobWork.Outcome] {
        await withTaskGroup(of: JobWork.Outcome.self) { group in
            for work in due { group.addTask { await work.run() } }
            var outcomes: [JobWork.Outcome] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }

    /// - Returns: whether the store could not write.
    private func take(_ outcomes: [JobWork.Outcome]) -> Bool {
        var isDeferred = false
        for outcome in outcomes {
            switch outcome {
            case .done: meters.done.add()
            case .failed(let isAside):
                meters.failures.add()
                if isAside { meters.setAside.add() }
            case .deferred: isDeferred = true
            case .gone: break
            }
        }
        return isDeferred
    }

    /// Tells health and metrics how the jobs stand now.
    private func tell() throws {
        var reasons: [String: [String]] = [:]
        var (failed, aside) = (0, 0)
        for found in try JobTable.failures(in: reader) {
            (failed, aside) = (failed + found.failed, aside + found.aside)
            reasons[EffectReport.module(of: found.kind), default: []].append(
                "jobs \(found.kind): \(found.failed) failed, \(found.aside) of them set aside")
        }
        meters.failing.set(Int64(failed - aside))
        meters.aside.set(Int64(aside))
        report.jobs(reasons)
    }

    /// After the wall clock was set back, what failed before would wait until it is that late again.
    private func catchUp(at instant: Timestamp) async throws {
        let latest = instant + settings.perseverance.pauseMax
        guard try JobTable.isAnyAhead(of: latest, in: reader) else { return }
        try await store.write("jobs catch up") { db in try JobTable.catchUp(latest: latest, now: instant, in: db) }
    }
}

/// What is measured of jobs.
private struct JobMeters {
    let done: Counter
    let failures: Counter
    let setAside: Counter
    let failing: Gauge
    let aside: Gauge

    init(_ metrics: MetricsRegistry) {
        done = metrics.counter("cordee_jobs_done_total", "Jobs done.")
        failures = metrics.counter("cordee_jobs_failures_total", "Tries of jobs that failed.")
        setAside = metrics.counter("cordee_jobs_set_aside_total", "Jobs set aside after their last try.")
        failing = metrics.gauge("cordee_jobs_failing", "Jobs that failed and will be tried again.")
        aside = metrics.gauge("cordee_jobs_aside", "Jobs set aside.")
    }
}
