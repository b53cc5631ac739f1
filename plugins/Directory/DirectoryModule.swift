import DirectoryAPI
public import ModuleKit

/// Boards, schools, people, where they work, and who may do what (DOMAIN §1): the base of all other modules.
public struct DirectoryModule: DomainModule {
    public let name = "directory"
    public let version = "0.1.0"
    public let migrations = Schema.migrations
    public let descriptors: any DescriptorSource.Type = DirectoryAPIDescriptors.self
    public let settings =
        RosterIntake.settings + ImportSettings.settings + FrameworkIntake.settings + GrowthHandlers.settings
    public let jobs = [ImportFinish.job]
    public let resources: [any Resource.Type] = [
        Org.self, Person.self, Grant.self, ImportJob.self, Framework.self, Competency.self, SelfLevel.self, Share.self,
        Need.self, Expertise.self,
    ]
    public let personalData = PersonalData.kept(DirectoryKeeper())
    public let boardData = DirectoryBoardData.all

    public init() {}

    public func renewSortKeys(in db: Transaction) throws {
        try Org.renewSortKeys(in: db)
        try Person.renewSortKeys(in: db)
    }

    public func provides() -> [Contract] { [.people(DirectoryPeople()), .competencies(DirectoryCompetencies())] }

    public func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] {
        DirectoryHandlers(
            intake: RosterIntake(host.settings, zones: host.zones), importing: ImportSettings(host.settings)
        ).bindings
            + FrameworksHandlers(intake: FrameworkIntake(host.settings)).bindings
            + GrowthHandlers(host.settings, offerings: host.contracts.offerings).bindings
    }
}

/// The module's methods, one file each in `Methods/`. Who may call them stands in the proto.
struct DirectoryHandlers: DirectoryService {
    typealias Contexts = ModuleCalls

    let people = DirectoryPeople()
    let intake: RosterIntake
    let importing: ImportSettings
}
