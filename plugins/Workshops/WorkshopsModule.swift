public import ModuleKit
import WorkshopsAPI

/// Workshops, webinars and working sessions, and who takes part in them (ateliers; DOMAIN §2).
public struct WorkshopsModule: DomainModule {
    public let name = "workshops"
    public let version = "0.1.0"
    public let requires = ["directory"]
    public let migrations = Schema.migrations
    public let descriptors: any DescriptorSource.Type = WorkshopsAPIDescriptors.self
    public let resources: [any Resource.Type] = [Workshop.self, Participation.self]
    public let personalData = PersonalData.kept(WorkshopsKeeper())
    public let boardData = WorkshopsBoardData.all

    public init() {}

    public func provides() -> [Contract] { [.offerings(WorkshopOfferings())] }

    public func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] {
        try WorkshopsHandlers(
            people: host.contracts.people, competencies: host.contracts.competencies, zones: host.zones
        ).bindings
    }
}

/// The module's methods, one file each in `Methods/`. Who may call them stands in the proto.
struct WorkshopsHandlers: WorkshopsService {
    typealias Contexts = ModuleCalls

    let people: any PeopleDirectory
    let competencies: any CompetencyCatalog
    let zones: TimeZoneCatalog
}
