import EchoAPI
import ModuleKit
import RPC
import SwiftProtobuf

/// A module like any other, whose methods do nothing: what a call or a message costs beside its handler.
struct EchoModule: DomainModule {
    let personalData = PersonalData.none
    let name = "benchmark"
    let version = "0.1.0"
    let migrations: [Migration] = []
    let descriptors: any DescriptorSource.Type = EchoAPIDescriptors.self

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { EchoHandlers().bindings }
}

struct EchoHandlers: EchoService {
    typealias Contexts = ModuleCalls

    func echo(_ request: EchoMessages.Note, _ call: ReadCall) throws -> EchoMessages.Note { request }

    func count(
        _ request: EchoMessages.CountRequest, _ responses: ResponseSender<EchoMessages.Note>, _ call: WaitCall
    ) async throws {
        let note = EchoMessages.Note.with { $0.text = request.text }
        for _ in 0..<max(request.count, 0) { try await responses.send(note) }
    }
}
