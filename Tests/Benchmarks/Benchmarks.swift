import ArgumentParser
import Glibc

/// Measures the daemon beside its reference in C. Times are for people to read; counts are compared.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Measures the daemon beside an echo server in C, in one run.",
        subcommands: [MeasureCommand.self, ServeCommand.self],
        defaultSubcommand: MeasureCommand.self)
}

struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measures: about five minutes.")

    @Flag(help: "Fewer calls and rounds: about half a minute.")
    var quick = false

    @Flag(help: "Only count allocations and system calls, and compare with Thresholds/: exit 1 if there are more.")
    var checkThresholds = false

    @Option(help: "Only one part: counts, echo, access, streams, tls, store, durable, large, roster or idle.")
    var only: Part?

    @Option(help: "Registrations in the large database; it takes some 300 bytes of disk for each.")
    var rows = 5_000_000

    @Option(help: "Only make so many echoes, 64 in flight, of a daemon that a profiler is attached to or starts.")
    var profile: Int?

    @Option(help: "With --profile: the profiler's command, as in 'valgrind --tool=callgrind'.")
    var under: String?

    enum Part: String, ExpressibleByArgument, CaseIterable {
        case counts, echo, access, streams, tls, store, durable, large, roster, idle
    }

    /// The staff of the board that people register from: one round of registrations each.
    private static let teacherCount = 1_500

    func run() async throws {
        Self.allowManyFiles()
        if let profile { return try await echoes(profile) }
        if checkThresholds || wants(.counts) { try await counts() }
        guard !checkThresholds, only != .counts else { return }
        if wants(.tls) { try await TLSBenchmark(isQuick: quick).run() }
        if wants(.durable) { try await DurableBenchmark(isQuick: quick).run() }
        // A quick run has no patience for some gigabytes.
        if only == .large || wants(.large) && !quick { try await LargeBenchmark(rows: rows, isQuick: quick).run() }
        if wants(.roster) { try await RosterBenchmark(people: quick ? 2_000 : 20_000).run() }
        guard ![.tls, .durable, .large, .roster].contains(only) else { return }
        let one = try ServerUnderTest(daemonIn: nil, loops: 1)
        try await one.ready()
        let scene = try await Scene.found(in: one, teachers: Self.teacherCount)
        if wants(.echo) { try await echo(scene, one) }
        if wants(.access) { try AccessBenchmark(scene: scene, server: one, isQuick: quick).run() }
        if wants(.streams) { try StreamBenchmark(scene: scene, server: one, isQuick: quick).run() }
        if wants(.store) { try await StoreBenchmark(scene: scene, server: one, isQuick: quick).run() }
        try await one.stop()
        if wants(.idle) { try await IdleBenchmark(scene: scene, folder: one.folder, isQuick: quick).run() }
    }

    private func wants(_ part: Part) -> Bool { only == nil || only == part }

    private func counts() async throws {
        say("echo, 100 bytes, 64 in flight on one connection: counted")
        let areKept = try Thresholds.read().check(try await CountedEcho.measure())
        if !areKept, checkThresholds { throw ExitCode(1) }
    }

    private func echoes(_ count: Int) async throws {
        let words = under?.split(separator: " ").map(String.init) ?? []
        let server = try ServerUnderTest(daemonIn: nil, loops: 1, under: words)
        try await server.ready()
        let calls = try await Scene.found(in: server, teachers: 1).echo()
        say("process \(server.processID)")
        let shape = Shape(connections: 1, inFlight: 64)
        let sample = try Load.run(calls, to: server, shape, warmUp: count / 10, count: count)
        say("\(sample.cpuMicroseconds.rounded(to: 3)) µs per call")
        try await server.stop()
    }

    /// The daemon with two loops has a database of its own, and so tokens of its own.
    private func echo(_ scene: Scene, _ one: ServerUnderTest) async throws {
        let reference = try ServerUnderTest(reference: ())
        try await reference.ready()
        let two = try ServerUnderTest(daemonIn: nil, loops: 2)
        try await two.ready()
        let second = try await Scene.found(in: two, teachers: 1)
        try EchoBenchmark(
            daemons: [(1, one, try scene.echo()), (2, two, try second.echo())], reference: reference,
            french: try scene.echo(isFrench: true), isQuick: quick
        ).run()
        try await two.stop()
        try await reference.stop()
    }

    /// Thousands of connections need as many files, here and in the daemon that is started.
    private static func allowManyFiles() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
