import CLoad
import TestKit

/// The daemon at rest, on a database with data: memory, connections, and the time until it answers.
struct IdleBenchmark {
    let scene: Scene
    /// Of a daemon that has been stopped.
    let folder: TemporaryFolder
    let isQuick: Bool

    private static let connectionCount = 10_000

    func run() async throws {
        say("the daemon at rest, all modules, 2 loops, on a database with \(scene.people.count) people")
        let call = try scene.info()
        var starts: [(wall: Double, cpu: Double)] = []
        for _ in 0..<(isQuick ? 5 : 15) { starts.append(try await start(call)) }
        let (wall, cpu) = (Spread(starts.map(\.wall)).text(digits: 1), Spread(starts.map(\.cpu)).text(digits: 1))
        say("  start to first answer  \(wall) ms, \(cpu) of it on a processor; goal: at most 60")
        try await memory(call)
    }

    /// From the start of the process to its first answer, and how long it ran meanwhile; in milliseconds.
    private func start(_ call: EncodedCalls) async throws -> (wall: Double, cpu: Double) {
        let clock = ContinuousClock()
        let begin = clock.now
        let server = try ServerUnderTest(daemonIn: folder, loops: 2)
        try Load.firstAnswer(call, from: server)
        let time = begin.duration(to: clock.now)
        let cpu = load_processor_ms(server.processID)
        try await server.stop()
        return (Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) / 1e15, cpu)
    }

    private func memory(_ call: EncodedCalls) async throws {
        let server = try ServerUnderTest(daemonIn: folder, loops: 2)
        try Load.firstAnswer(call, from: server)
        let idle = try ProcessFacts.memory("VmRSS", of: server.processID)
        let anonymous = try ProcessFacts.memory("RssAnon", of: server.processID)
        // The first connections make room that later ones use too.
        let few = try Load.withIdleConnections(10, to: server, call) {
            try ProcessFacts.memory("VmRSS", of: server.processID)
        }
        let many = try Load.withIdleConnections(Self.connectionCount, to: server, call) {
            try ProcessFacts.memory("VmRSS", of: server.processID)
        }
        try await server.stop()
        let mebibytes = (Double(idle) / 1_048_576).rounded(to: 1)
        say(
            "  resident memory        \(mebibytes) MiB, \((Double(anonymous) / 1_048_576).rounded(to: 1)) of it "
                + "anonymous; goal: at most 24")
        say(
            "  idle connection        \((many - few) / Self.connectionCount) bytes, over \(Self.connectionCount), "
                + "each after one call; goal: at most 4096")
    }
}
