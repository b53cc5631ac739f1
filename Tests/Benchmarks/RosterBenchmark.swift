import Archive
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit

/// A roster of many people: how long its import takes, what it costs the daemon, and how long a write of it holds up the
/// others. Each step is the longest path of its kind: all new, all the same, all changed, and all taken back.
struct RosterBenchmark {
    let people: Int

    func run() async throws {
        say("a roster of \(people) people, 2 loops; goals: at most 10 s, 150 MiB, no write body beyond 500 ms")
        let server = try ServerUnderTest(daemonIn: nil, loops: 2)
        try await server.ready()
        let scene = try await Scene.found(in: server, teachers: 1)
        let boards = try await scene.boards()
        var (last, watch) = ("", BodyWatch(scene: scene))
        let steps = [("all new", "Nom"), ("all the same", "Nom"), ("all changed", "Autre")]
        for (name, family) in steps {
            let zip = try Scene.roster(teachers: people, family: family)
            try await watch.start()
            let took = try await ContinuousClock().measure {
                last = try await scene.lead.call(
                    DirectoryMethods.importRoster,
                    .with {
                        $0.boards = boards
                        $0.roster = zip
                    }
                ).importJob
            }
            try await tell(name, took, &watch, server)
        }
        try await watch.start()
        let job = last
        let took = try await ContinuousClock().measure {
            _ = try await scene.lead.call(
                DirectoryMethods.revertImport, .with { $0.name = job })
        }
        try await tell("all taken back", took, &watch, server)
        try await server.stop()
    }

    private func tell(_ name: String, _ took: Duration, _ watch: inout BodyWatch, _ server: ServerUnderTest)
        async throws
    {
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        let peak = Double(try ProcessFacts.memory("VmHWM", of: server.processID)) / Double(1 << 20)
        say(
            "  " + name.left(16)
                + "\(seconds.rounded(to: 2)) s, peak RSS \(peak.rounded(to: 0)) MiB, \(try await watch.told())")
    }
}

/// The times of the write bodies between two looks, by the daemon's own metric.
private struct BodyWatch {
    let scene: Scene
    private var before: [Int64] = []

    init(scene: Scene) { self.scene = scene }

    mutating func start() async throws { before = try await buckets() }

    func told() async throws -> String {
        let after = try await buckets()
        let counts = after.indices.map { after[$0] - ($0 < before.count ? before[$0] : 0) }
        let longest = counts.lastIndex { $0 > 0 } ?? 0
        let milliseconds = Double(1 << longest) / 1_000
        return "\(counts.reduce(0, +)) write bodies, the longest below \(milliseconds.rounded(to: 0)) ms"
    }

    private func buckets() async throws -> [Int64] {
        let operatorClient = TestClient(scene.lead.client, token: nil, language: nil)
        let metrics = try await operatorClient.call(MetricsMethods.listMetrics, .init()).metrics
        return metrics.first { $0.name == "cordee_store_body_us" }?.buckets ?? []
    }
}
