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
    ///
    /// - Parameters:
    ///   - board: the board of the thing.
    ///   - person: whose thing it is: `over: SELF`.
    ///   - leaders: who is named in it as leading it: `over: OWN`.
    ///   - orgs: the schools of the person concerned: `over: SCHOOL`.
    public func covers(board: String, person: String? = nil, leaders: [String] = [], orgs: [String] = []) -> Bool {
        for role in caller.roles where role.board == board {
            for permission in permissions where applies(permission, role) {
                let covers =
                    switch permission.over {
                    case .board, .unspecified: true
                    case .self_: person != nil && person == caller.person
                    case .own: caller.person.map(leaders.contains) ?? false
                    case .school: role.org.map(orgs.contains) ?? true
                    case .daemon, .UNRECOGNIZED: false
                    }
                if covers { return true }
            }
        }
        return false
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
