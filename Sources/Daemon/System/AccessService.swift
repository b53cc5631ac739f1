import CordeeAPI
import ModuleKit
import RPC

/// `cordee.system.v1.Access`: who may do what, as the protos that are served say it.
struct AccessHandlers: AccessService {
    typealias Contexts = ModuleCalls

    let catalog: APICatalog

    func listAccessRules(
        _ request: CordeeSystem_ListAccessRulesRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListAccessRulesResponse {
        let methods = catalog.methods.map { (subject: $0.path, access: $0.access, personal: $0.personal) }
        let kinds = catalog.namedResources.map {
            (subject: $0.type, access: $0.visible, personal: CordeeAPI_Personal.unspecified)
        }
        let subjects = methods.sorted { $0.subject < $1.subject } + kinds.sorted { $0.subject < $1.subject }
        let rules = subjects.flatMap { subject, access, personal in
            access.allow.map { permission in
                CordeeSystem_AccessRule.with {
                    ($0.subject, $0.role, $0.personal) = (subject, permission.role, personal)
                    $0.over = permission.over == .unspecified ? .board : permission.over
                }
            }
        }
        return .with { $0.rules = rules.filter { request.role == .unspecified || $0.role == request.role } }
    }
}
