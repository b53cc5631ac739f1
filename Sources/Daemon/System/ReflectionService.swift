import CordeeAPI
import ModuleKit
import RPC

/// `cordee.system.v1.Reflection`: what can be called, with the comments of the protos.
struct ReflectionHandlers: ReflectionService {
    typealias Contexts = ModuleCalls

    let overview: DaemonOverview

    func listServices(
        _ request: CordeeSystem_ListServicesRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListServicesResponse {
        let byService = Dictionary(grouping: overview.catalog.methods, by: \.service)
        return .with {
            $0.services = byService.sorted { $0.key < $1.key }.map { name, methods in
                .with {
                    $0.name = name
                    $0.methods = methods.map { method in
                        .with {
                            $0.name = method.name
                            $0.readOnly = method.isReadOnly
                            $0.access = method.access
                            $0.clientStreaming = method.clientStreaming
                            $0.serverStreaming = method.serverStreaming
                        }
                    }
                }
            }
        }
    }

    func getDescriptors(
        _ request: CordeeSystem_GetDescriptorsRequest, _ call: ReadCall
    ) throws -> CordeeSystem_GetDescriptorsResponse {
        let files = request.symbol.isEmpty ? overview.catalog.files : overview.catalog.files(declaring: request.symbol)
        guard let files else { throw Status.notFound(request.symbol) }
        return .with { $0.files = files }
    }
}
