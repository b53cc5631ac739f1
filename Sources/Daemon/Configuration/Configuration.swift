public import Logging
public import RPC
public import Store
public import TLS

/// All that an operator may set, with the values that hold when nothing is said.
///
/// What each key is called, means and accepts stands in `Setting.all`, the one table that the file, the environment,
/// the flags and the sample configuration are read from and written by.
public struct Configuration: Sendable {
    public var dataFolder = "/var/lib/cordee"
    public var socketPath = "/run/cordee/cordee.sock"
    public var socketMode = FileMode(bits: 0o660)
    public var socketGroup = ""
    public var tcpAddress = ""
    public var isClearTCPOnLoopbackAllowed = false
    public var tlsCertificate = ""
    public var tlsKey = ""
    public var tlsClientCA = ""
    public var tlsClientCertificate = ClientCertificates.optional
    public var tlsHandshakeTimeout = Duration.seconds(10)
    public var operatorUIDs: [Int] = []
    public var loopCount = 0
    public var workerCount = 2
    public var workerQueueMax = 64
    public var grace = Duration.seconds(10)
    public var healthInterval = Duration.seconds(1)
    public var logLevel = Logger.Level.info
    public var logFormat = LineLogHandler.Format.text
    public var zoneInfoFolder = "/usr/share/zoneinfo"
    public var idempotencyKeep = Duration.seconds(86_400)
    public var idempotencyKeysMax = 1_000_000
    public var disabledModules = ModuleNames()
    public var retiredModules = ModuleNames()
    public var backupTimeout = Duration.seconds(3_600)
    public var beforeMigrationMax = 3
    /// How reactions that fail are tried again.
    var reactions = Perseverance(pause: .seconds(1), pauseMax: .seconds(300), triesMax: 20)
    public var reactionsBatch = 100
    /// How jobs that fail are tried again.
    var jobs = Perseverance(pause: .seconds(1), pauseMax: .seconds(300), triesMax: 20)
    public var jobsBatch = 64
    public var jobsLookInterval = Duration.seconds(1)
    public var rpc = ServerLimits()
    public var store = StoreOptions(path: "")
    public var auditKeyFile = ""
    public var anchorInterval = Duration.seconds(3_600)
    /// How long events are kept; zero: for ever.
    public var eventsKeep = Duration.zero
    var events = EventLimits(watchRows: 500, watchInterval: .seconds(1))
    public var streamRecheckInterval = Duration.seconds(1)
    public var tokenLife = Duration.seconds(365 * 86_400)
    public var tokenLifeMax = Duration.seconds(366 * 86_400)
    public var tokensPerOwnerMax = 100
    var guesses = GuessGuard.Limits(burst: 100, refill: .seconds(1), sourcesMax: 10_000)
    public var accessesKeep = Duration.seconds(365 * 86_400)
    public var sweepTimeout = Duration.seconds(10)
    public var sweepInterval = Duration.seconds(600)
    public var departedYears = 1
    public var exportBytesMax = 32 << 20
    /// Values of modules' settings by module and name; checked against what the modules declare.
    public var modules: [String: [String: Int]] = [:]

    public init() {}
}
