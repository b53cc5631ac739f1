import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func updateOrg(_ request: API.UpdateOrgRequest, _ call: WriteCall) throws -> API.Org {
        guard let name = OrgName(request.org.name), call.standing.covers(board: name.board),
            var org = try Org.find(name, in: call.db)
        else { throw Status.notFound(request.org.name) }
        try Etag(revision: org.revision).check(request.org.etag)
        let before = API.Org(org)
        let after = try before.updated(by: request.org, mask: request.updateMask)
        var rest = after
        (rest.zone, rest.locality, rest.remote) = (before.zone, before.locality, before.remote)
        (rest.name, rest.etag) = (before.name, before.etag)
        guard rest == before else { throw Status.rosterField }
        guard (try? intake.zones.rules(for: after.zone)) != nil else { throw Status.unknownZone }
        (org.zone, org.locality, org.isRemote) = (after.zone, after.locality, after.remote)
        try org.save(in: call.db)
        org.revision += 1
        try call.emit(.updated(org))
        return API.Org(org)
    }
}
