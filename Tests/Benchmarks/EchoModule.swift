import EchoAPI
import ModuleKit

/// A module like any other, whose one method does nothing: what a call costs beside its handler.
struct EchoModule: DomainModule {
    let name = "benchmark"
    let version = "0.1.0"
    let migrations: [Migration] = []
    let descriptors: any DescriptorSource.Type = EchoAPIDescriptors.self

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { EchoHandlers().bindings }
}

struct EchoHandlers: EchoService {
    typealias Contexts = ModuleCalls

    func echo(_ request: EchoMessages.Note, _ call: ReadCall) throws -> EchoMessages.Note { request }
}
