import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func revokeRole(_ request: API.RevokeRoleRequest, _ call: WriteCall) throws -> API.Grant {
        var grant = try call.find(Grant.self, request.name)
        let name = grant.name
        try grant.etag.check(request.etag)
        guard !grant.isOver(at: call.now) else { return API.Grant(grant) }
        if grant.role == .boardLead, grant.holds(at: call.now) {
            guard try Grant.isLed(name.board, without: name.grant, at: call.now, in: call.db) else {
                throw Grant.Refusal.lastBoardLead
            }
        }
        grant.revoke(at: call.now)
        try grant.saveEnd(by: call.caller.person, reason: request.reason, in: call.db)
        call.accessChanged()
        try call.emit(.changed(grant))
        return API.Grant(grant)
    }
}
