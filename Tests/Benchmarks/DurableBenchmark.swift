import TestKit

/// Durable writes, 64 in flight, beside bare SQLite that writes the same rows in groups of 64; and what they cost those
/// who read meanwhile.
struct DurableBenchmark {
    let isQuick: Bool

    private static let tables = ["benchmark_notes", "system_events", "system_idempotency"]
    private static let inFlight = 64

    func run() async throws {
        let one = try ServerUnderTest(daemonIn: nil, loops: 1)
        try await one.ready()
        let scene = try await Scene.found(in: one, teachers: 1)
        try writes(scene, one)
        try await one.stop()
        let two = try ServerUnderTest(daemonIn: nil, loops: 2)
        try await two.ready()
        try readsBesideWrites(try await Scene.found(in: two, teachers: 1), two)
        try await two.stop()
    }

    /// A note with its event and its idempotency row. Ours and the reference take turns.
    private func writes(_ scene: Scene, _ server: ServerUnderTest) throws {
        say("a durable write (a note, its event, its idempotency row), 1×\(Self.inFlight), 1 loop, and bare SQLite")
        let (count, warmUp) = (isQuick ? 20_000 : 60_000, 2_000)
        var (ours, bare, ratios): ([Sample], [Double], [Double]) = ([], [], [])
        for round in 0..<(isQuick ? 3 : 7) {
            let calls = try scene.keeps(count + warmUp, series: round)
            let shape = Shape(connections: 1, inFlight: Self.inFlight)
            let sample = try Load.run(calls, to: server, shape, warmUp: warmUp, count: count)
            let rate = try Bare.replay(
                Self.tables, of: "\(server.folder.path)/data/cordee.db", bodies: count, group: Self.inFlight)
            ours.append(sample)
            bare.append(rate)
            ratios.append(sample.callsPerSecond / rate)
        }
        let ratio = Spread(ours.map { $0.p99 / $0.p50 })
        say("  cordeed                \(Spread(ours.map(\.callsPerSecond)).text(digits: 0)) writes a second")
        say("                         \(Spread(ours.map(\.cpuMicroseconds)).text(digits: 1)) µs of server CPU each")
        say("  bare SQLite            \(Spread(bare).text(digits: 0)) a second")
        say("  ratio                  \(Spread(ratios)); goal: at least 0.70")
        say(
            "  latency                p50 \(Spread(ours.map(\.p50)).text(digits: 0)) µs, "
                + "p99 \(Spread(ours.map(\.p99)).text(digits: 0)) µs: \(ratio) times; goal: at most 5")
    }

    /// Reads on one connection, alone and while another one, of the other loop, writes as fast as it can.
    private func readsBesideWrites(_ scene: Scene, _ server: ServerUnderTest) throws {
        say("GetWorkshop beside these writes, 2 loops, 1×1")
        let shape = Shape(connections: 1, inFlight: 1)
        // Some seconds: a commit or two would tell nothing.
        let count = isQuick ? 40_000 : 60_000
        let reads = try scene.getWorkshop()
        let echo = try scene.echo()
        var (alone, beside, control): ([Sample], [Sample], [Sample]) = ([], [], [])
        var written = 0.0
        for round in 0..<(isQuick ? 3 : 7) {
            alone.append(try Load.run(reads, to: server, shape, warmUp: count / 10, count: count))
            let keeps = try scene.keeps(400_000, series: 1_000 + round)
            let (sample, answered) = try Load.withFlood(keeps, to: server, inFlight: Self.inFlight) {
                try Load.run(reads, to: server, shape, warmUp: count / 10, count: count)
            }
            guard answered < keeps.count else { throw BenchmarkError("more writes than keys: they were repeats") }
            beside.append(sample)
            written = Double(answered) * sample.callsPerSecond / Double(count + count / 10)
            control.append(
                try Load.withFlood(echo, to: server, inFlight: Self.inFlight) {
                    try Load.run(reads, to: server, shape, warmUp: count / 10, count: count)
                }.0)
        }
        func told(_ samples: [Sample]) -> String {
            "p50 \(Spread(samples.map(\.p50)).text(digits: 0)) µs, p99 \(Spread(samples.map(\.p99)).text(digits: 0)) µs"
        }
        let slower = Spread(zip(alone, beside).map { $1.p50 / $0.p50 })
        let busier = Spread(zip(alone, control).map { $1.p50 / $0.p50 })
        say("  alone                  \(told(alone))")
        say("  beside writes          \(told(beside)), \(written.rounded(to: 0)) writes a second")
        say("  beside echoes          \(told(control)): what it costs to share the processors alone")
        say("  slower                 \(slower) times beside writes, \(busier) beside echoes; goal: at most 1.20")
    }
}
