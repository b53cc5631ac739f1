import EventLoop
import Glibc
import Logging
import Metrics
import ModuleKit
import RPC
import Store

/// Puts a daemon together, in the order in which its parts depend on each other.
struct Assembly {
    private let configuration: Configuration
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let metrics = MetricsRegistry()
    private let generation = AccessGeneration()
    private let registry: ModuleRegistry
    private let catalog: APICatalog
    private let system: SystemModule
    private let store: Store
    private let loops: [EventLoop]
    private let workers: WorkerPool
    private let pageTokens: PageTokens
    private let log: OpenedLog
    private let effects = Effects()
    private let writeEffects: WriteEffects
    private let eraser: Eraser
    private let accesses: AccessRecorder
    private let answers: KeptAnswers

    init(
        _ configuration: Configuration, modules: [any DomainModule], logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) throws(StartError) {
        self.configuration = configuration
        self.logger = logger
        self.now = now
        (registry, catalog) = try Self.register(modules, configuration)
        do throws(RegistryError) {
            accesses = try AccessRecorder(catalog, keep: configuration.accessesKeep, metrics: metrics)
        } catch {
            throw .registry(error)
        }
        let folder = DataFolder(path: configuration.dataFolder)
        try folder.prepare()
        store = try Self.openStore(folder, configuration, logger, metrics)
        let watchTokens: WatchTokens
        do throws(StartError) {
            try Self.migrate(store, registry, configuration, now())
            try PersonalDataCheck.run(registry.installed, on: store)
            try BoardDataCheck.run(registry.installed, on: store)
            let secret = try folder.secretKey.readOrMake()
            pageTokens = PageTokens(key: secret)
            watchTokens = WatchTokens(secret: secret)
            log = try OpenedLog(
                store, key: folder.auditKey(elsewhere: configuration.auditKeyFile), bell: effects.bell)
            writeEffects = WriteEffects(
                ids: IDGenerator(), log: log.table, generation: generation,
                jobs: JobTable(alarm: effects.jobAlarm), pseudonyms: Pseudonyms(secret: secret))
            eraser = Eraser(
                ledger: try ErasureLedger(path: folder.ledgerPath, secret: secret),
                keepers: [ModuleKeeper(module: SystemModule.moduleName, SystemKeeper())] + registry.keepers,
                store: store,
                copies: DatabaseCopies(folder: folder.path))
            try log.begin(store, writeEffects, at: now())
            (loops, workers) = try Self.startThreads(configuration)
        } catch {
            store.close()
            throw error
        }
        answers = KeptAnswers(
            keep: configuration.idempotencyKeep, keysMax: configuration.idempotencyKeysMax, metrics: metrics)
        let retention = Retention(
            events: LogRetention(
                keep: configuration.eventsKeep == .zero ? nil : configuration.eventsKeep, key: log.key),
            reactions: Set(
                registry.installed.flatMap { module in module.reactions.map { "\(module.name).\($0.name)" } }),
            accesses: accesses, answers: answers)
        let (storeHealth, report) = (store, effects.report)
        system = SystemModule(
            overview: DaemonOverview(
                startedAt: now(),
                modules: registry.modules.map { module in
                    .init(
                        name: module.name, version: module.version, requires: module.requires,
                        health: { report.health(of: module) })
                },
                catalog: catalog, storeHealth: { storeHealth.health }, healthInterval: configuration.healthInterval),
            tokens: TokenMint(),
            tokenLife: TokenLife(
                standard: configuration.tokenLife, longest: configuration.tokenLifeMax,
                countMax: configuration.tokensPerOwnerMax, metrics: metrics),
            log: log,
            events: EventsHandlers(
                bell: log.bell, tokens: watchTokens, limits: configuration.events,
                kinds: ResourceKinds(SystemModule.records + registry.installed.flatMap(\.resources))),
            backups: BackupHandlers(
                store: store, dataFolder: folder.path, timeLimit: configuration.backupTimeout),
            effects: effects, modules: registry.installed, off: registry.disabled, eraser: eraser,
            sweepTimeout: configuration.sweepTimeout, exportBytesMax: configuration.exportBytesMax,
            finder: PersonFinder(catalog.files), departedYears: configuration.departedYears, retention: retention
        )
    }

    /// Ends what `init` started.
    func tearDown() {
        for loop in loops { loop.stop() }
        workers.shutdown()
        store.close()
    }

    /// Opens the sockets and serves.
    func serve(environment: [String: String]) async throws(StartError) -> Daemon {
        do { try await EventLoop.selfTest(loops) } catch { throw .loop(error) }
        try await resumeErasures()
        let table = try methodTable()
        let server = Server(
            methods: table, limits: configuration.rpc, loops: loops, metrics: metrics,
            observer: try observers(for: table))
        announceLimits()
        let listening = Listening(configuration: configuration)
        let certificate = try ServedCertificate(configuration, metrics: metrics)
        let unix = try listening.unixSocket(environment: environment)
        let tcp = try listening.tcpSocket(isSecure: certificate != nil)
        do {
            try await server.listen(on: unix)
            if let tcp {
                if let certificate {
                    try await server.listen(on: tcp, through: certificate.layer)
                } else {
                    try await server.listen(on: tcp)
                }
            }
        } catch {
            preconditionFailure("the server was shut down before it began")
        }
        let running = try await startEffects()
        return Daemon(
            configuration, logger: logger, loops: loops, workers: workers, store: store, server: server,
            effects: running, certificate: certificate,
            anchors: await AnchorLog.start(of: store, every: configuration.anchorInterval, on: loops[0], logger),
            sweeper: await Sweeper.start(
                eraser, every: configuration.sweepInterval, on: loops[0], workers: workers, now: now),
            generation: generation, overview: overview(server, certificate))
    }
}

// MARK: - Parts

extension Assembly {
    private func startEffects() async throws(StartError) -> RunningEffects {
        let setting = Effects.Setting(
            store: store, effects: writeEffects, configuration: configuration, metrics: metrics, logger: logger,
            now: now)
        let all = [system] as [any DomainModule] + registry.installed
        do { return try await effects.start(all, off: registry.disabled, setting, on: loops[0]) } catch {
            throw .module(name: "?", reason: "reactions and jobs: \(error)")
        }
    }

    private func resumeErasures() async throws(StartError) {
        do {
            let count = try await eraser.resume(writeEffects, at: now())
            if count > 0 { logger.notice("erased again", metadata: ["people": "\(count)"]) }
        } catch let error as StartError {
            throw error
        } catch {
            throw .module(name: SystemModule.moduleName, reason: "erasures: \(error)")
        }
    }

    private func overview(_ server: Server, _ certificate: ServedCertificate?) -> Logger.Metadata {
        var overview: Logger.Metadata = [
            "addresses": "\(server.localAddresses.map(\.description).joined(separator: ","))",
            "version": "\(DaemonVersion.current)",
            "modules": "\(registry.modules.map(\.name).joined(separator: ","))",
        ]
        if !registry.disabled.isEmpty { overview["disabled"] = "\(registry.disabled.sorted().joined(separator: ","))" }
        if let certificate { overview["certificate"] = "\(certificate.subject)" }
        return overview
    }

    private static func register(
        _ modules: [any DomainModule], _ configuration: Configuration
    ) throws(StartError) -> (ModuleRegistry, APICatalog) {
        do throws(RegistryError) {
            let registry = try ModuleRegistry(
                modules, disabled: configuration.disabledModules.names, retired: configuration.retiredModules.names)
            try ResourceCheck.run(registry.installed)
            return (registry, try APICatalog([CordeeAPIDescriptors.self] + registry.modules.map(\.descriptors)))
        } catch {
            throw .registry(error)
        }
    }

    private static func openStore(
        _ folder: DataFolder, _ configuration: Configuration, _ logger: Logger, _ metrics: MetricsRegistry
    ) throws(StartError) -> Store {
        var options = configuration.store
        options.path = folder.databasePath
        options.notice = { notice in logger.warning("store", metadata: ["notice": "\(notice)"]) }
        do { return try Store.open(options, metrics: metrics) } catch { throw .store(error) }
    }

    private static func migrate(
        _ store: Store, _ registry: ModuleRegistry, _ configuration: Configuration, _ now: Timestamp
    ) throws(StartError) {
        let before = BeforeMigration(
            label: "\(now.fileStamp)-\(DaemonVersion.current)", countMax: configuration.beforeMigrationMax)
        do {
            // Those that are turned off too: what is in their tables outlives the setting.
            try store.migrate(
                SystemModule.migrations(with: registry.installed), retired: registry.retired, before: before)
        } catch {
            throw .store(error)
        }
    }

    private static func startThreads(
        _ configuration: Configuration
    ) throws(StartError) -> ([EventLoop], WorkerPool) {
        let cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let count = configuration.loopCount > 0 ? configuration.loopCount : min(max(cores, 1), 4)
        var loops: [EventLoop] = []
        do {
            for index in 0..<count { loops.append(try EventLoop.start(EventLoop.Options(name: "loop-\(index)"))) }
            let workers = try WorkerPool(
                threads: configuration.workerCount, queueMax: configuration.workerQueueMax, name: "worker")
            return (loops, workers)
        } catch {
            for loop in loops { loop.stop() }
            throw .loop(error)
        }
    }

    /// Every method of every module with the life of a call around its handler.
    private func methodTable() throws(StartError) -> MethodTable {
        let contracts: Contracts
        do { contracts = try Contracts(registry.modules.flatMap { $0.provides() }) } catch {
            throw .module(name: "?", reason: "two modules provide \(error.contract)")
        }
        let environment = CallEnvironment(
            store: store, workers: workers,
            authenticator: Authenticator(
                people: try? contracts.people, operatorUIDs: operatorUIDs,
                guesses: GuessGuard(configuration.guesses, metrics: metrics),
                reporter: GuessReporter(store: store, effects: writeEffects, logger: logger)),
            effects: writeEffects, pageTokens: pageTokens,
            answers: answers, accesses: accesses, secretMethods: catalog.secretMethods, rules: catalog.accessRules)
        let pipeline = Pipeline(environment: environment)
        let zones = TimeZoneCatalog(load: ZoneInfoFolder(path: configuration.zoneInfoFolder).load)
        var methods: [ServerMethod] = []
        for module in [system] as [any DomainModule] + registry.modules {
            let host = ModuleHost(
                contracts: contracts,
                settings: ModuleSettings(module.settings, given: configuration.modules[module.name] ?? [:]),
                zones: zones, metrics: metrics)
            do {
                for binding in try module.services(in: host) {
                    guard environment.rules["\(binding.service)/\(binding.name)"] != nil else {
                        throw RegistryError.unknownMethod("\(binding.service)/\(binding.name)", module: module.name)
                    }
                    methods.append(binding.bind(pipeline))
                }
            } catch {
                throw .module(name: module.name, reason: "\(error)")
            }
        }
        do { return try MethodTable(methods) } catch { throw .module(name: "?", reason: "\(error)") }
    }

    /// Makes each loop's host, with a reader of its own.
    private func observers(
        for table: MethodTable
    ) throws(StartError) -> @Sendable (EventLoop) -> any LoopObserver {
        var readers: [(loop: EventLoop, reader: LoopBound<Reader>)] = []
        for loop in loops {
            do { readers.append((loop, LoopBound(handing: try store.makeReader(), to: loop))) } catch {
                throw .store(error)
            }
        }
        let log = CallLog(table.methods, logger: logger, metrics: metrics)
        let interval = configuration.streamRecheckInterval
        return { [generation, readers, now] loop in
            guard let bound = readers.first(where: { $0.loop === loop }) else {
                preconditionFailure("a loop of the server that the daemon did not start")
            }
            return LoopHost(
                on: loop, reader: bound.reader.value, generation: generation, streamInterval: interval, log: log,
                now: now)
        }
    }

    private var operatorUIDs: Set<UInt32> {
        configuration.operatorUIDs.isEmpty
            ? [0, geteuid()] : Set(configuration.operatorUIDs.compactMap { UInt32(exactly: $0) })
    }

    /// Each limit of the configuration as a gauge, so that a graph can draw it beside what it bounds.
    private func announceLimits() {
        metrics.computed("cordee_workers_refused_total", "Work refused because the worker queue was full.") {
            [workers] in Int64(workers.refusedCount)
        }
        let configuration = self.configuration
        let modules = registry.modules.flatMap { module in
            module.settings.map { Setting(module: module.name, $0) }
        }
        for setting in Setting.all + modules where setting.isLimit {
            metrics.computed("cordee_limit", "Limits of the configuration", labels: ["key": setting.key]) {
                Int64(setting.number?(configuration) ?? 0)
            }
        }
    }
}
