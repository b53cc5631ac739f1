import CordeeAPI
import ModuleKit
import RPC
import Store

/// The daemon's own services (`cordee.system.v1`), as a module like any other: same registry, same life of a call.
struct SystemModule: DomainModule {
    static let moduleName = "system"

    let name = SystemModule.moduleName
    let version = DaemonVersion.current
    let descriptors: any DescriptorSource.Type = CordeeAPIDescriptors.self
    static let tables = [
        EventTable.creation, TokenTable.creation, EventTable.chain, JobTable.creation, AnswerTable.creation,
        ReactionTable.creation,
        AccessTable.creation, ErasureTable.creation, ErasureRequest.creation, DepartureTable.creation,
        TokenTable.owners, ServiceKeyRecord.creation,
    ]
    let migrations = SystemModule.tables
    /// Requests for erasure, tokens and who saw what are the people's own, the log of events is the installation's proof.
    let boardData = BoardData([])
    let personalData = PersonalData.kept(SystemKeeper())
    static let records: [any Resource.Type] = [
        AccessToken.self, ServiceKeyRecord.self, ErasureRequest.self,
    ]
    let resources = SystemModule.records

    /// What the services tell of; known once all modules are.
    let overview: DaemonOverview
    let tokens: TokenMint
    let tokenLife: TokenLife
    let log: OpenedLog
    let events: EventsHandlers
    let backups: BackupHandlers
    let effects: Effects
    /// All others that are compiled in.
    let modules: [any DomainModule]
    /// The names of those that are turned off.
    let off: Set<String>
    let eraser: Eraser
    let sweepTimeout: Duration
    let exportBytesMax: Int
    let finder: PersonFinder
    let departedYears: Int
    let retention: Retention

    var jobs: [JobKind] {
        let departures = modules.flatMap { $0.provides() }.compactMap { contract -> JobKind? in
            guard case .people(let people) = contract else { return nil }
            return DepartureRetention(eraser: eraser, people: people, years: departedYears).job
        }
        return [retention.job] + departures
    }

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] {
        SystemHandlers(overview: overview).bindings
            + HealthHandlers(overview: overview).bindings
            + [.cancel(ConnectionMethods.cancel) { $0.streamID }]
            + ReflectionHandlers(overview: overview).bindings
            + AccessHandlers(catalog: overview.catalog).bindings
            + MetricsHandlers(metrics: host.metrics).bindings
            + events.bindings + AuditHandlers(key: log.key).bindings
            + backups.bindings
            + IdentityHandlers(
                people: try? host.contracts.people, tokens: tokens, life: tokenLife,
                serviceMethods: overview.catalog.serviceMethods
            ).bindings
            + PrivacyHandlers(
                people: try? host.contracts.people, eraser: eraser, sweepTimeout: sweepTimeout,
                exports: ExportLimits(bytesMax: exportBytesMax, metrics: host.metrics),
                boards: modules.map { ModuleBoardData(name: $0.name, data: $0.boardData) }, finder: finder
            ).bindings
            + ReactionsHandlers(modules: active, alarm: effects.reactionAlarm).bindings
            + JobsHandlers(modules: active, jobs: JobTable(alarm: effects.jobAlarm)).bindings
    }

    private var active: [any DomainModule] { [self] + modules.filter { !off.contains($0.name) } }
}

extension SystemModule {
    /// The schema of the whole database, in the order in which it grows: the daemon's own tables, then the modules'.
    static func migrations(with modules: [any DomainModule]) -> [ModuleMigrations] {
        [ModuleMigrations(module: moduleName, migrations: tables)]
            + modules.map { module in
                ModuleMigrations(
                    module: module.name, migrations: module.migrations,
                    renewSortKeys: { try module.renewSortKeys(in: $0) })
            }
    }
}

/// The version of this daemon and of the client that is built with it.
public enum DaemonVersion {
    public static let current = "0.1.0"
}
