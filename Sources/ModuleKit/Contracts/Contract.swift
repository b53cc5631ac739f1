/// Something that one module does for all others.
public enum Contract: Sendable {
    case people(any PeopleDirectory)
    case competencies(any CompetencyCatalog)
    case offerings(any OfferingProvider)
}

/// What the modules of this daemon provide for each other.
public struct Contracts: Sendable {
    private var peopleDirectory: (any PeopleDirectory)?
    private var catalog: (any CompetencyCatalog)?
    /// What helps people to learn, from each module that has such things.
    public private(set) var offerings: [any OfferingProvider] = []

    public init(_ all: [Contract]) throws(ContractConflict) {
        for contract in all {
            switch contract {
            case .people(let directory):
                guard peopleDirectory == nil else { throw ContractConflict(contract: "people") }
                peopleDirectory = directory
            case .competencies(let competencies):
                guard catalog == nil else { throw ContractConflict(contract: "competencies") }
                catalog = competencies
            case .offerings(let provider):
                offerings.append(provider)
            }
        }
    }

    /// What people learn.
    public var competencies: any CompetencyCatalog {
        get throws(ContractMissing) {
            guard let catalog else { throw ContractMissing(contract: "competencies") }
            return catalog
        }
    }

    /// Who works where.
    public var people: any PeopleDirectory {
        get throws(ContractMissing) {
            guard let peopleDirectory else { throw ContractMissing(contract: "people") }
            return peopleDirectory
        }
    }
}

/// A module needs a contract that no module of this daemon provides.
public struct ContractMissing: Error, Equatable {
    public let contract: String

    public init(contract: String) { self.contract = contract }
}

/// Two modules provide the same contract.
public struct ContractConflict: Error, Equatable {
    public let contract: String
}
