import EventLoop
import Logging
import Metrics
import ModuleKit
import Store

/// Runs the reactions of all modules, on one loop: whoever has events before it takes the next ones.
///
/// Each takes its own in a write of its own, so that one that fails or is slow holds up itself alone.
final class ReactionRunner: EffectRunner {
    private let works: [ReactionWork]
    private let reader: Reader
    private let report: EffectReport
    private let lookInterval: Duration
    private let now: @Sendable () -> Timestamp
    private var feed: ReactionFeed
    private let meters: ReactionMeters

    /// - Parameter works: without those of modules that are turned off.
    init(
        _ works: [ReactionWork], reader: Reader, report: EffectReport, lookInterval: Duration, metrics: MetricsRegistry,
        now: @escaping @Sendable () -> Timestamp
    ) {
        (self.works, self.reader, self.report) = (works, reader, report)
        (self.lookInterval, self.now) = (lookInterval, now)
        feed = ReactionFeed(
            types: Dictionary(uniqueKeysWithValues: works.map { ($0.name, $0.reaction.types) }))
        meters = ReactionMeters(works.map(\.name), metrics)
    }

    func turn() async throws -> Rest {
        let rows = try ReactionTable.all(in: reader)
        feed.update(rows)
        let hasSeenAll = try feed.step(in: reader)
        let instant = now()
        var due: [(ReactionWork, seen: Int64)] = []
        var isWaiting = false
        for work in works {
            guard let row = rows.first(where: { $0.name == work.name }), row.state == .running,
                let seen = feed.pending(work.name)
            else { continue }
            if row.tries == 0 || work.perseverance.isDue(row.tryAt, at: instant) {
                due.append((work, seen))
            } else {
                isWaiting = true
            }
        }
        let outcomes = await run(due)
        let hasGoneOn = take(outcomes)
        try tell()
        if !due.isEmpty { return hasGoneOn ? .none : .atMost(lookInterval) }
        if !hasSeenAll { return .none }
        guard isWaiting else { return .untilRung }
        let next = rows.filter { $0.state == .running && $0.tries > 0 }.map(\.tryAt).min() ?? instant
        return .atMost(min(max(next - instant, .zero), lookInterval))
    }

    private func run(_ due: [(ReactionWork, seen: Int64)]) async -> [(String, ReactionWork.Outcome)] {
        await withTaskGroup(of: (String, ReactionWork.Outcome).self) { group in
            for (work, seen) in due { group.addTask { (work.name, await work.run(after: seen)) } }
            var outcomes: [(String, ReactionWork.Outcome)] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }

    /// - Returns: whether all went on: not when the store could not write.
    private func take(_ outcomes: [(String, ReactionWork.Outcome)]) -> Bool {
        var hasGoneOn = true
        for (name, outcome) in outcomes {
            switch outcome {
            case .moved(let cursor, let taken, let isBehind):
                feed.moved(name, to: cursor, isBehind: isBehind)
                meters[name]?.taken.add(Int64(taken))
            case .failed(let isStopped):
                meters[name]?.failures.add()
                if isStopped { meters.setAside.add() }
            case .deferred, .idle: hasGoneOn = false
            }
        }
        return hasGoneOn
    }

    /// Tells health and metrics how the reactions stand now.
    private func tell() throws {
        let head = try EventTable.head(in: reader).sequence
        var reasons: [String: [String]] = [:]
        for row in try ReactionTable.all(in: reader) where works.contains(where: { $0.name == row.name }) {
            let isBusy = row.state == .stopped || feed.pending(row.name) != nil
            meters[row.name]?.lag.set(isBusy ? max(head - row.cursor, 0) : 0)
            meters[row.name]?.stopped.set(row.state == .stopped ? 1 : 0)
            guard row.tries > 0 || row.state == .stopped else { continue }
            let what = row.state == .stopped ? "is set aside at" : "fails at"
            reasons[EffectReport.module(of: row.name), default: []].append(
                "reaction \(row.name) \(what) event \(row.failingSequence ?? 0): \(row.failure ?? "")")
        }
        report.reactions(reasons)
    }
}

/// What is measured of reactions, each by its name.
private struct ReactionMeters {
    struct Meter {
        let lag: Gauge
        let stopped: Gauge
        let taken: Counter
        let failures: Counter
    }

    private let meters: [String: Meter]
    let setAside: Counter

    init(_ names: [String], _ metrics: MetricsRegistry) {
        setAside = metrics.counter("cordee_reactions_set_aside_total", "Reactions set aside after their last try.")
        meters = Dictionary(
            uniqueKeysWithValues: names.map { name in
                let labels = ["reaction": name]
                return (
                    name,
                    Meter(
                        lag: metrics.gauge("cordee_reactions_lag_events", "Events before a reaction.", labels: labels),
                        stopped: metrics.gauge("cordee_reactions_stopped", "1 for one set aside.", labels: labels),
                        taken: metrics.counter("cordee_reactions_taken_total", "Events taken.", labels: labels),
                        failures: metrics.counter(
                            "cordee_reactions_failures_total", "Events that failed.", labels: labels))
                )
            })
    }

    subscript(_ name: String) -> Meter? { meters[name] }
}
