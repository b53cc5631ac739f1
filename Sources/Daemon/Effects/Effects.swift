import EventLoop
import Logging
import Metrics
import ModuleKit
import Store

/// What the daemon does by itself: the reactions and the jobs of its modules (DESIGN §6).
final class Effects: Sendable {
    /// Rung by each commit with events: see `EventTable`.
    let bell = EventBell()
    /// Rung when reactions should look: events, a retry.
    let reactionAlarm = Alarm()
    /// Rung when jobs should look: one was scheduled, a retry.
    let jobAlarm = Alarm()
    let report = EffectReport()

    init() { bell.listen { [reactionAlarm] in reactionAlarm.ring() } }

    /// What a daemon's reactions and jobs run with.
    struct Setting: Sendable {
        let store: Store
        let effects: WriteEffects
        let configuration: Configuration
        let metrics: MetricsRegistry
        let logger: Logger
        let now: @Sendable () -> Timestamp
    }

    /// Makes the rows of what is new, and starts both runners on a loop.
    ///
    /// - Parameters:
    ///   - modules: all that are compiled in.
    ///   - off: the names of those that are turned off: their reactions queue and their jobs pause.
    /// - Throws: `StoreError`.
    func start(
        _ modules: [any DomainModule], off: Set<String> = [], _ setting: Setting, on loop: EventLoop
    ) async throws -> RunningEffects {
        let (store, now) = (setting.store, setting.now())
        let all = modules.flatMap { module in module.reactions.map { ("\(module.name).\($0.name)", $0) } }
        let active = modules.filter { !off.contains($0.name) }
        let kinds = active.flatMap(\.jobs)
        let jobs = JobTable(alarm: jobAlarm)
        try await store.write("effects begin") { db in
            for (name, reaction) in all { try ReactionTable.begin(name, from: reaction.start, in: db) }
            for kind in kinds {
                guard let period = kind.period else { continue }
                try jobs.begin(kind.name, every: period, at: now, in: db)
            }
        }
        let works = active.flatMap { module in module.reactions.map { work($0, of: module.name, setting) } }
        let tasks = [
            try await start(reactionAlarm, setting, on: loop) { [report] reader in
                ReactionRunner(
                    works, reader: reader, report: report, lookInterval: setting.configuration.jobsLookInterval,
                    metrics: setting.metrics, now: setting.now)
            },
            try await start(jobAlarm, setting, on: loop) { [report] reader in
                JobRunner(
                    kinds, setting.jobs, store: store, reader: reader, report: report, metrics: setting.metrics,
                    now: setting.now, work: { Self.work($0, $1, setting) })
            },
        ]
        return RunningEffects(tasks, alarms: [reactionAlarm, jobAlarm])
    }

    private func start(
        _ alarm: Alarm, _ setting: Setting, on loop: EventLoop,
        _ make: @escaping @Sendable (Reader) -> any EffectRunner
    ) async throws -> Task<Void, Never> {
        let reader = LoopBound(handing: try setting.store.makeReader(), to: loop)
        let (pause, logger) = (setting.configuration.jobsLookInterval, setting.logger)
        return await withCheckedContinuation { continuation in
            loop.execute {
                continuation.resume(
                    returning: Task.immediate(executorPreference: loop) {
                        await make(reader.value).run(on: loop, alarm, pause: pause, logger)
                    })
            }
        }
    }

    private func work(_ reaction: Reaction, of module: String, _ setting: Setting) -> ReactionWork {
        ReactionWork(
            name: "\(module).\(reaction.name)", reaction: reaction, store: setting.store, effects: setting.effects,
            perseverance: setting.configuration.reactions, batch: setting.configuration.reactionsBatch,
            now: setting.now, logger: setting.logger)
    }

    private static func work(_ kind: JobKind, _ row: JobTable.Entry, _ setting: Setting) -> JobWork {
        JobWork(
            kind: kind, row: row, store: setting.store, effects: setting.effects,
            perseverance: setting.configuration.jobs, now: setting.now, logger: setting.logger)
    }
}

extension Effects.Setting {
    fileprivate var jobs: JobRunner.Settings {
        JobRunner.Settings(
            perseverance: configuration.jobs, batch: configuration.jobsBatch,
            lookInterval: configuration.jobsLookInterval)
    }
}

/// The runners of a daemon, until they are stopped.
final class RunningEffects: Sendable {
    private let tasks: [Task<Void, Never>]
    private let alarms: [Alarm]

    init(_ tasks: [Task<Void, Never>], alarms: [Alarm]) { (self.tasks, self.alarms) = (tasks, alarms) }

    /// The wall clock was moved: to be called by who knows, to spare the wait until it is looked at.
    func clockMoved() {
        for alarm in alarms { alarm.ring() }
    }

    /// Lets what is being written finish, and begins nothing more.
    func stop() async {
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
