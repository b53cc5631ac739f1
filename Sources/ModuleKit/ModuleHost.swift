public import Calendar
public import Metrics

/// What the daemon gives a module to build its services from.
public struct ModuleHost: Sendable {
    /// What other modules do for this one.
    public let contracts: Contracts
    /// The values of the module's settings.
    public let settings: ModuleSettings
    /// Time zones by name.
    public let zones: TimeZoneCatalog
    /// Where the module announces metrics of its own.
    public let metrics: MetricsRegistry

    public init(contracts: Contracts, settings: ModuleSettings, zones: TimeZoneCatalog, metrics: MetricsRegistry) {
        self.contracts = contracts
        self.settings = settings
        self.zones = zones
        self.metrics = metrics
    }
}

/// A number that operators may set for a module: a limit, a count. It is announced as a metric too.
public struct ModuleSetting: Sendable {
    /// "roster_bytes_max": the unit stands in the name.
    public let name: String
    public let standard: Int
    /// One sentence, for the sample configuration.
    public let documentation: String

    public init(_ name: String, _ standard: Int, _ documentation: String) {
        self.name = name
        self.standard = standard
        self.documentation = documentation
    }
}

/// The values of one module's settings.
public struct ModuleSettings: Sendable {
    private let values: [String: Int]

    /// - Parameter given: what the configuration sets; the rest keeps its standard value.
    public init(_ declared: [ModuleSetting], given: [String: Int] = [:]) {
        values = Dictionary(declared.map { ($0.name, given[$0.name] ?? $0.standard) }) { first, _ in first }
    }

    public subscript(_ name: String) -> Int {
        guard let value = values[name] else { preconditionFailure("setting \(name) is not declared by its module") }
        return value
    }
}
