import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func getOrg(_ request: API.GetOrgRequest, _ call: ReadCall) throws -> API.Org {
        API.Org(try call.find(Org.self, request.name))
    }
}
