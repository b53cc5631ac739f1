/// Something that one module does for all others.
public enum Contract: Sendable {
    case people(any PeopleDirectory)
}

/// What the modules of this daemon provide for each other.
public struct Contracts: Sendable {
    private var peopleDirectory: (any PeopleDirectory)?

    public init(_ all: [Contract]) throws(ContractConflict) {
        for contract in all {
            switch contract {
            case .people(let directory):
                guard peopleDirectory == nil else { throw ContractConflict(contract: "people") }
                peopleDirectory = directory
            }
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
