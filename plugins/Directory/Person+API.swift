import DirectoryAPI
import ModuleKit

extension API.Person {
    /// Who may see a person sees the mail address too: both are for the person's own board.
    init(_ person: Person, assignments: [Assignment]) {
        self = .with {
            $0.name = person.name.description
            $0.sourceID = person.sourceID ?? ""
            $0.givenName = person.details.givenName
            $0.familyName = person.details.familyName
            $0.preferredName = person.details.preferredName
            $0.username = person.details.username
            $0.email = person.details.email
            $0.languages = person.details.languages
            $0.state = State(person.state)
            $0.assignments = assignments.map { API.Assignment($0, board: person.name.board) }
            $0.staffRole = person.details.staffRole
            $0.etag = person.etag.description
        }
    }
}

extension API.Person.State {
    init(_ state: Person.State) {
        switch state {
        case .invited: self = .invited
        case .active: self = .active
        case .suspended: self = .suspended
        case .left: self = .left
        case .erased: self = .erased
        }
    }
}

extension API.Assignment {
    fileprivate init(_ assignment: Assignment, board: String) {
        self = .with {
            $0.org = OrgName(board: board, org: assignment.org).description
            $0.role = assignment.role
            $0.primary = assignment.isPrimary
            $0.beginDate = assignment.begin?.description ?? ""
            $0.endDate = assignment.end?.description ?? ""
            if let share = assignment.share { $0.share = share }
            $0.secondment = assignment.isSecondment
        }
    }
}
