import CordeeAPI
import ModuleKit
import RPC
import SwiftProtobuf

/// `cordee.system.v1.System`: what the daemon is, and who you are to it.
struct SystemHandlers: SystemService {
    typealias Contexts = ModuleCalls

    let overview: DaemonOverview

    func getInfo(_ request: CordeeSystem_GetInfoRequest, _ call: ReadCall) throws -> CordeeSystem_Info {
        .with {
            $0.version = DaemonVersion.current
            $0.apiDigest = overview.catalog.digest
            $0.startTime = Google_Protobuf_Timestamp(overview.startedAt)
            $0.modules = overview.modules.map { module in
                .with {
                    $0.name = module.name
                    $0.version = module.version
                    $0.requires = module.requires
                }
            }
        }
    }

    func whoAmI(_ request: CordeeSystem_WhoAmIRequest, _ call: ReadCall) throws -> CordeeSystem_Caller {
        CordeeSystem_Caller(call.caller)
    }
}
