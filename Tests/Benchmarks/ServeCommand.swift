import ArgumentParser
import Calendar
import Daemon
import DirectoryModule
import Glibc
import Logging
import ModuleKit
import Threading
import WorkshopsModule

/// The daemon that is measured: as `cordeed` assembles it, with one module more.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", shouldDisplay: false)

    @Option var data: String
    @Option var socket: String
    @Option var loops: Int
    /// TCP on a free port of the loopback address beside the socket.
    @Flag var tcp = false
    /// Then by TLS.
    @Option var certificate: String?
    @Option var key: String?

    func run() async throws {
        var configuration = Configuration()
        configuration.dataFolder = data
        configuration.socketPath = socket
        configuration.loopCount = loops
        if tcp { configuration.tcpAddress = "127.0.0.1:0" }
        configuration.isClearTCPOnLoopbackAllowed = true
        configuration.tlsCertificate = certificate ?? ""
        configuration.tlsKey = key ?? ""
        // A profiler makes a write some fifty times longer.
        configuration.store.bodyBudget = .seconds(60)
        let level = Lock(configuration.logLevel)
        let logger = Logger(label: "benchmark") { label in
            LineLogHandler(label: label, format: .text, level: level, now: Self.now)
        }
        let modules: [any DomainModule] = [DirectoryModule(), WorkshopsModule(), EchoModule()]
        let daemon = try await Daemon.start(
            configuration, modules: modules, environment: [:], logger: logger, now: Self.now)
        try await daemon.stopRequested {}
        await daemon.stop()
    }

    /// As in `cordeed`.
    @Sendable private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
