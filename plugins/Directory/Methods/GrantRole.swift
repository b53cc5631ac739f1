import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func grantRole(_ request: API.GrantRoleRequest, _ call: WriteCall) throws -> API.Grant {
        let scope = try grantScope(request.scope, call)
        let person = try call.find(Person.self, request.person)
        guard person.name.board == scope.board, person.state.isStaff else { throw Status.notFound(request.person) }
        guard person.name.person != call.caller.person else { throw Grant.Refusal.own }
        let grant = try Grant(
            request, name: GrantName(board: scope.board, grant: call.newID()), to: person.name, org: scope.org,
            at: call.now)
        if let held = try Grant.list(person: person.name.person, at: call.now, in: call.db).first(
            where: grant.isSame(as:))
        {
            return API.Grant(held)
        }
        try grant.insert(by: call.caller.person, in: call.db)
        call.accessChanged()
        try call.emit(.changed(grant))
        return API.Grant(grant)
    }

    /// The board, or the org of it, that a role is to be held over.
    ///
    /// - Throws: NOT_FOUND for one that does not exist or that the caller does not lead.
    private func grantScope(_ text: String, _ call: WriteCall) throws -> (board: String, org: String?) {
        let board = BoardName(text)?.board
        guard let name = board.map({ OrgName(board: $0, org: $0) }) ?? OrgName(text),
            call.standing.covers(board: name.board), let org = try Org.find(name, in: call.db), org.isActive
        else { throw Status.notFound(text) }
        return (name.board, org.kind == .board ? nil : name.org)
    }
}

extension Grant {
    /// A grant as a request describes it. It begins now at the earliest: nobody is given a role in the past.
    fileprivate init(
        _ request: API.GrantRoleRequest, name: GrantName, to person: PersonName, org: String?, at now: Timestamp
    ) throws {
        guard let role = Role(request.role) else { throw Status.notGrantable }
        guard org == nil || !role.isOfBoard else { throw Status.onlyOverBoard }
        let start = request.hasStartTime ? max(Timestamp(request.startTime), now) : now
        let end = request.hasEndTime ? Timestamp(request.endTime) : nil
        guard end.map({ $0 > start }) ?? true else { throw Status.endNotAfterStart }
        self.init(
            name: name, person: person, role: role, org: org, start: start, end: end, reason: request.reason,
            grantedAt: now)
    }

    /// Whether another grant gives all that this one would give.
    fileprivate func isSame(as other: Grant) -> Bool {
        other.role == role && other.name.board == name.board && other.org == org && other.start <= start
            && other.end == end
    }
}
