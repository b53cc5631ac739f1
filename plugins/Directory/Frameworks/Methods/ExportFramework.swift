import CASE
import DirectoryAPI
import FoundationEssentials
import ModuleKit

extension FrameworksHandlers {
    func exportFramework(
        _ request: API.ExportFrameworkRequest, _ responses: ResponseSender<API.ExportFrameworkResponse>,
        _ call: WaitCall
    ) async throws {
        _ = try call.read { try $0.find(Framework.self, request.name) }
        let bytes = try await call.report { call in
            let framework = try call.find(Framework.self, request.name)
            let competencies = try Competency.list(framework.name, after: 0, limit: .max, in: call.db)
            let alignments = try Alignment.list(of: framework.name, in: call.db)
            let changed = (framework.publishedAt ?? framework.createdAt).description
            return try CASEWriter(changed: changed).write(CASEPackage(framework, competencies, alignments))
        }
        for start in stride(from: 0, to: bytes.count, by: Self.chunkBytes) {
            try await responses.send(.with { $0.chunk = Data(bytes[start...].prefix(Self.chunkBytes)) })
        }
    }

    /// Bytes of one message.
    private static let chunkBytes = 256 << 10
}
