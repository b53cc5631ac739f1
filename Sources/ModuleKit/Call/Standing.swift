import CordeeAPI

/// Which permissions of a method its caller has, and over which boards.
public struct Standing: Sendable {
    let permissions: [CordeeAPI_Permission]
    let caller: Caller
    /// The one board that the request is about; nil for all.
    let board: Substring?

    /// The boards over which the caller may call the method, in a fixed order: what a list walks through.
    public var boards: [String] {
        Set(caller.roles.filter(isCovered).map(\.board)).sorted()
    }

    /// Whether a permission of the method covers a thing.
    public func covers(_ thing: Belonging) -> Bool {
        for role in caller.roles where role.board == thing.board {
            for permission in permissions where applies(permission, role) {
                let covers =
                    switch permission.over {
                    case .board, .unspecified: true
                    case .self_: thing.person != nil && thing.person == caller.person
                    case .own: caller.person.map(thing.leaders.contains) ?? false
                    case .school: role.org.map(thing.orgs.contains) ?? true
                    case .open: thing.isOpen
                    case .shared: caller.person.map(thing.sharedWith.contains) ?? false
                    case .daemon, .UNRECOGNIZED: false
                    }
                if covers { return true }
            }
        }
        return false
    }

    /// Whether a permission of the method covers what belongs to a board, and to these people and schools of it.
    public func covers(board: String, person: String? = nil, leaders: [String] = [], orgs: [String] = []) -> Bool {
        covers(Belonging(board: board, person: person, leaders: leaders, orgs: orgs))
    }

    /// Whether any permission applies at all.
    var isAny: Bool { caller.roles.contains(where: isCovered) }

    private func isCovered(_ role: Caller.HeldRole) -> Bool { permissions.contains { applies($0, role) } }

    /// A role over one school is none over its board, but for what is about that school.
    private func applies(_ permission: CordeeAPI_Permission, _ role: Caller.HeldRole) -> Bool {
        guard permission.role == role.role, board.map({ $0 == role.board }) ?? true else { return false }
        return role.org == nil || permission.over == .school
    }
}
