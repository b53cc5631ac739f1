public import CordeeAPI
public import RPC
public import Store

/// A part of the domain: what the daemon needs to know of it, and nothing about how the daemon works.
///
/// A module is a value that `cordeed` makes once and that lives as long as the daemon:
/// 1. the registry orders all modules by `requires` and stops the start at a cycle or a missing one;
/// 2. `migrations` are run, in that order;
/// 3. `provides` is asked for what the module does for others;
/// 4. `services` is given what others provide and answers with the handlers.
///
/// Who may call a method, whether it writes and what its fields must fulfil stand in its proto, not here.
public protocol DomainModule: Sendable {
    /// The module's name: what its tables' prefix, its proto package and its commands are called. `[a-z][a-z0-9]*`.
    var name: String { get }

    /// The module's version (semantic versioning), for people.
    var version: String { get }

    /// The names of the modules whose contracts or services this one uses.
    var requires: [String] { get }

    /// The steps that bring the module's tables to what this version expects. Old steps are never changed.
    var migrations: [Migration] { get }

    /// The descriptors of the module's protos, as its API target has them.
    var descriptors: any DescriptorSource.Type { get }

    /// What operators may set for the module, below its name in the configuration.
    var settings: [ModuleSetting] { get }

    /// Computes the stored sort keys of names anew: run before the module serves, when another version of the rules
    /// of collation made them (`SortKey.version`). A module that sorts by names cannot do without.
    func renewSortKeys(in db: Transaction) throws

    /// How the module fares, beside the store that holds its data. Asked for from any thread, again and again, so it is
    /// a look at what is known, not a test.
    var health: ModuleHealth { get }

    /// The records behind the resources of the module's protos: all that have a pattern, else the daemon does not start.
    var resources: [any Resource.Type] { get }

    /// What the module does when events are in the log, its own or those of other modules.
    var reactions: [Reaction] { get }

    /// The kinds of jobs that the module schedules.
    var jobs: [JobKind] { get }

    /// What the module holds of people: how it exports and erases one person's data. There is no default: a module
    /// cannot omit it.
    var personalData: PersonalData { get }

    /// What a board takes along of the module when it leaves. There is no default: a module cannot omit it.
    var boardData: BoardData { get }

    /// What the module does for other modules, behind protocols that ModuleKit owns.
    func provides() -> [Contract]

    /// The module's methods with their handlers.
    ///
    /// - Throws: `ContractMissing` if what the module needs is provided by nobody.
    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>]
}

extension DomainModule {
    public var requires: [String] { [] }
    public var settings: [ModuleSetting] { [] }
    public var health: ModuleHealth { .serving }
    public var resources: [any Resource.Type] { [] }
    public var reactions: [Reaction] { [] }
    public var jobs: [JobKind] { [] }
    public func renewSortKeys(in db: Transaction) throws {}
    public func provides() -> [Contract] { [] }
}

/// How a module fares; the reason is for operators, in English.
public enum ModuleHealth: Sendable, Equatable {
    case serving
    /// It serves, but something that it needs fails.
    case degraded(String)
    case notServing(String)
}
