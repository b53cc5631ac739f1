import ArgumentParser
import Daemon
import Glibc
import Logging
import ModuleKit
import Threading

/// A daemon as `cordeed` is, with one module of the tests, and a test clock: a process of its own, to be killed.
@main
struct TrialDaemon: AsyncParsableCommand {
    @Option var set: [String] = []
    @Option var testClock: String
    @Option var testClockAt: Int64

    func run() async throws {
        let flags = set.map { text in
            let equals = text.firstIndex(of: "=") ?? text.endIndex
            return (key: String(text[..<equals]), value: String(text[equals...].dropFirst()))
        }
        let module = TrialModule()
        let configuration = try ConfigurationLoader(
            file: nil, environment: [:], flags: flags, moduleSettings: [module.name: module.settings]
        ).load()
        let clock = try TestClock.start(at: testClock, from: Timestamp(microseconds: testClockAt))
        let level = Lock(configuration.logLevel)
        let logger = Logger(label: "trialdaemon") { label in
            LineLogHandler(label: label, format: .text, level: level, now: { clock.now })
        }
        let daemon = try await Daemon.start(
            configuration, modules: [module], environment: [:], logger: logger, now: { clock.now })
        clock.onMove { daemon.clockMoved() }
        try await daemon.stopRequested {}
        await daemon.stop()
    }
}
