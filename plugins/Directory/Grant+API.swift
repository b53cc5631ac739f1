import DirectoryAPI
import ModuleKit

extension API.Grant {
    init(_ grant: Grant) {
        self = .with {
            $0.name = grant.name.description
            $0.person = grant.person.description
            $0.role = Role(grant.role)
            $0.scope =
                grant.org.map { OrgName(board: grant.name.board, org: $0).description }
                ?? grant.name.parent.description
            $0.startTime = .init(grant.start)
            if let end = grant.end { $0.endTime = .init(end) }
            $0.reason = grant.reason
            $0.etag = grant.etag.description
        }
    }
}

extension Role {
    init(_ role: Grant.Role) {
        switch role {
        case .facilitator: self = .facilitator
        case .technopedagogue: self = .technopedagogue
        case .principal: self = .principal
        case .boardLead: self = .boardLead
        case .evaluator: self = .evaluator
        case .mentor: self = .mentor
        case .mentee: self = .mentee
        case .communityLead: self = .communityLead
        case .privacyOfficer: self = .privacyOfficer
        }
    }
}

extension Grant.Role {
    /// Nil for a role that no grant can give.
    init?(_ role: ModuleKit.Role) {
        guard let given = Self.allCases.first(where: { ModuleKit.Role($0) == role }) else { return nil }
        self = given
    }
}
