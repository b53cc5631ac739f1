import ArgumentParser
import Calendar
import Daemon
import Glibc
import Logging
import ModuleKit
import Threading

/// The program: it serves, unless it is told to do something else with the data of a daemon that is stopped.
@main
struct Cordeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cordeed",
        abstract: "Serves the professional development of school staff over a local socket.",
        discussion: "Without a command it serves: cordeed --config FILE. Its flags: cordeed serve --help.",
        version: DaemonVersion.current, subcommands: [ServeCommand.self, BackupCommand.self],
        defaultSubcommand: ServeCommand.self)
}

/// The daemon's command line: where its configuration comes from, and nothing that the configuration cannot say.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves.",
        discussion: """
            Values come from the built-in ones, then the file, then the environment (CORDEE_RPC_CALLS_MAX for
            rpc.calls_max), then the flags. cordeed --print-config lists every key with its meaning.
            """)

    @Option(help: "A configuration file in TOML.")
    var config: String?

    @Option(help: "The data folder: the same as --set daemon.data=DIR.")
    var data: String?

    @Option(help: "The Unix socket: the same as --set listen.socket=PATH.")
    var socket: String?

    @Option(help: "Set one key of the configuration: KEY=VALUE. May be repeated.")
    var set: [String] = []

    @Flag(help: "Print all keys with their meaning and built-in values, and end.")
    var printConfig = false

    func run() async throws {
        let loader = try loader()
        if printConfig { return print(loader.sample, terminator: "") }
        let configuration = try reported { () throws(ConfigurationError) in try loader.load() }
        let level = Lock(configuration.logLevel)
        let logger = Self.logger(configuration, level)
        let daemon = try await Self.start(configuration, logger)
        try await daemon.stopRequested { Self.reload(loader, level, logger) }
        await daemon.stop()
    }

    /// EX_CONFIG of sysexits.h: a supervisor need not try again before somebody has looked.
    private static let badConfiguration = ExitCode(78)

    private static func start(_ configuration: Configuration, _ logger: Logger) async throws -> Daemon {
        do {
            return try await Daemon.start(
                configuration, modules: modules, environment: Surroundings.environment, logger: logger,
                now: Surroundings.now)
        } catch {
            logger.critical("not started", metadata: ["error": "\(error)"])
            throw Self.badConfiguration
        }
    }

    /// SIGHUP: the log level is read anew; a configuration that is wrong changes nothing.
    private static func reload(_ loader: ConfigurationLoader, _ level: Lock<Logger.Level>, _ logger: Logger) {
        do {
            let fresh = try loader.load().logLevel
            level.withLock { $0 = fresh }
            logger.notice("configuration read anew", metadata: ["log.level": "\(fresh)"])
        } catch {
            logger.error("configuration kept: the new one is wrong", metadata: ["error": "\(error)"])
        }
    }

    private func loader() throws -> ConfigurationLoader {
        var flags = try set.map { text in
            guard let equals = text.firstIndex(of: "=") else {
                throw ValidationError("--set \(text): KEY=VALUE expected")
            }
            return (key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
        }
        if let data { flags.append(("daemon.data", data)) }
        if let socket { flags.append(("listen.socket", socket)) }
        return ConfigurationLoader(
            file: config, environment: Surroundings.environment, flags: flags,
            moduleSettings: Dictionary(uniqueKeysWithValues: modules.map { ($0.name, $0.settings) }))
    }

    private func reported<Value>(_ work: () throws(ConfigurationError) -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            var line = "cordeed: \(error)\n"
            line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
            throw Self.badConfiguration
        }
    }

    private static func logger(_ configuration: Configuration, _ level: Lock<Logger.Level>) -> Logger {
        Logger(label: "cordeed") { label in
            LineLogHandler(label: label, format: configuration.logFormat, level: level, now: Surroundings.now)
        }
    }
}

/// What the process stands in: its environment and its clock.
enum Surroundings {
    static var environment: [String: String] {
        var all: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                all[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        return all
    }

    @Sendable static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
