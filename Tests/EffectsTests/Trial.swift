import Calendar
import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import TrialAPI

/// A daemon with the module of these tests, and what they ask of it.
struct Trial {
    /// 2026-11-24T13:50:00Z.
    static let start = Timestamp(seconds: 1_795_528_200)

    let daemon: DaemonProcess
    let client: TestClient
    let clock: ClockDial

    /// - Parameter settings: over short pauses, so that a test need not wait for a retry.
    static func serving(
        in folder: TemporaryFolder? = nil, at start: Timestamp = start, _ settings: [String: String] = [:]
    ) async throws -> Trial {
        var all = [
            "reactions.backoff": "1ms", "reactions.backoff_max": "4ms", "reactions.tries_max": "5",
            "jobs.backoff": "1ms", "jobs.backoff_max": "4ms", "jobs.tries_max": "5", "jobs.look_interval": "1ms",
        ]
        all.merge(settings) { $1 }
        let daemon = try await DaemonProcess.serving(
            in: folder, program: "trialdaemon", settings: all, clockStart: start)
        return Trial(daemon: daemon, client: try await daemon.client(), clock: try daemon.clock())
    }

    func emit(_ subjects: [String]) async throws {
        _ = try await client.call(TrialMethods.emit, .with { $0.subjects = subjects })
    }

    func plan(_ keys: [String], at due: Timestamp) async throws {
        _ = try await client.call(
            TrialMethods.plan,
            .with {
                $0.keys = keys
                $0.dueUs = due.microseconds
            })
    }

    /// Has something fail, or no more: "first a", "once k".
    func fail(_ what: String, _ failing: Bool = true) async throws {
        _ = try await client.call(
            TrialMethods.setFailing,
            .with {
                $0.what = what
                $0.failing = failing
            })
    }

    func done(by name: String) async throws -> [TrialMessages.Done] {
        try await client.call(TrialMethods.listDone, .with { $0.by = name }).done
    }

    /// Waits until so many have run, and gives the subjects in the order of their runs.
    @discardableResult
    func subjects(by name: String, count: Int) async throws -> [String] {
        try await Patience.until("\(count) runs of \(name)") {
            let done = try await done(by: name)
            return done.count >= count ? done.map(\.subject) : nil
        }
    }

    func reaction(_ name: String) async throws -> CordeeSystem_Reaction? {
        try await client.call(ReactionsMethods.listReactions, .init()).reactions.first { $0.name == name }
    }

    /// Waits until a reaction is in a state; a clock that stands still is moved, so that pauses end.
    @discardableResult
    func reaction(_ name: String, comes state: CordeeSystem_EffectState) async throws -> CordeeSystem_Reaction {
        try await Patience.until("\(name) is \(state)") {
            try clock.advance(by: .milliseconds(5))
            let reaction = try await reaction(name)
            return reaction?.state == state ? reaction : nil
        }
    }

    func jobs(failedOnly: Bool = false) async throws -> [CordeeSystem_Job] {
        try await client.call(JobsMethods.listJobs, .with { $0.failedOnly = failedOnly }).jobs
            .filter { $0.kind == "trial.once" }
    }

    func health() async throws -> CordeeSystem_PartHealth? {
        try await client.call(HealthMethods.check, .init()).parts.first { $0.part == "trial" }
    }

    func metric(_ name: String) async throws -> [Int64] {
        try await client.call(MetricsMethods.listMetrics, .init()).metrics.filter { $0.name == name }.map(\.value)
    }
}
