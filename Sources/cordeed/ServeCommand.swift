import ArgumentParser
import Calendar
import Daemon
import Glibc
import Logging
import ModuleKit
import Threading

/// `cordeed`, without a word more: where its configuration comes from, and nothing that the configuration cannot say.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves: what cordeed does when no command is named.",
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

    #if DEBUG
        @Option(help: "A socket that moves the clock: in debug builds only, see TestClock.")
        var testClock: String?

        @Option(help: "Where that clock begins, in microseconds since 1970 UTC.")
        var testClockAt: Int64?
    #endif

    func run() async throws {
        let loader = try loader()
        if printConfig { return print(loader.sample, terminator: "") }
        let configuration = try reported { () throws(ConfigurationError) in try loader.load() }
        let level = Lock(configuration.logLevel)
        let logger = Self.logger(configuration, level)
        #if DEBUG
            let clock = try Self.clock(at: testClock, from: testClockAt)
            let now: @Sendable () -> Timestamp = { clock?.now ?? Surroundings.now() }
        #else
            let now = Surroundings.now
        #endif
        let daemon = try await Self.start(configuration, logger, now)
        #if DEBUG
            clock?.onMove { daemon.clockMoved() }
        #endif
        try await daemon.stopRequested { Self.reload(loader, level, logger) }
        await daemon.stop()
    }

    #if DEBUG
        /// A clock that stands still until it is moved through a socket; nil without one.
        private static func clock(at path: String?, from microseconds: Int64?) throws -> TestClock? {
            guard let path else { return nil }
            let start = microseconds.map { Timestamp(microseconds: $0) } ?? Surroundings.now()
            return try TestClock.start(at: path, from: start)
        }
    #endif

    /// EX_CONFIG of sysexits.h: a supervisor need not try again before somebody has looked.
    private static let badConfiguration = ExitCode(78)

    private static func start(
        _ configuration: Configuration, _ logger: Logger, _ now: @escaping @Sendable () -> Timestamp
    ) async throws -> Daemon {
        do {
            return try await Daemon.start(
                configuration, modules: modules, environment: Surroundings.environment, logger: logger,
                now: now)
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
