import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func getOrg(_ request: API.GetOrgRequest, _ call: ReadCall) throws -> API.Org {
        guard let name = OrgName(request.name), let org = try Org.find(name, in: call.db) else {
            throw Status.notFound(request.name)
        }
        return API.Org(org)
    }
}
