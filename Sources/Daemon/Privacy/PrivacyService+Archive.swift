import CordeeAPI
import FoundationEssentials
import Metrics
import ModuleKit
import RPC

extension PrivacyHandlers {
    /// Bytes of one message of a file.
    static let chunkBytes = 256 << 10

    func exportMyData(
        _ request: CordeeSystem_ExportMyDataRequest, _ responses: ResponseSender<CordeeSystem_ExportedFile>,
        _ call: WaitCall
    ) async throws {
        let (keepers, limits) = (eraser.keepers, exports)
        let person = try call.read { try subject("", $0) }
        let archive = try await call.report { call in
            var archive = PersonalArchive(records: [], appointments: [])
            var size = 0
            for keeper in keepers {
                let records = try keeper.export(person.person, in: call.db)
                size += records.reduce(0) { $0 + $1.json.utf8.count }
                guard size <= limits.bytesMax else { throw limits.refusal() }
                archive.records += records
                archive.appointments += try keeper.data.calendar(of: person.person, in: call.db)
            }
            return archive
        }
        let now = call.now
        let bytes = try await call.compute { try archive.zip(at: now) }
        for start in stride(from: 0, to: bytes.count, by: Self.chunkBytes) {
            let piece = Data(bytes[start..<min(start + Self.chunkBytes, bytes.count)])
            try await responses.send(contentsOf: [.with { $0.chunk = piece }])
        }
    }
}

/// What one export may take of memory.
struct ExportLimits: Sendable {
    /// Bytes of all records as JSON.
    let bytesMax: Int
    private let refused: Counter

    init(bytesMax: Int, metrics: MetricsRegistry) {
        self.bytesMax = bytesMax
        refused = metrics.counter("cordee_exports_refused_total", "Exports beyond privacy.export_max.")
    }

    func refusal() -> Status {
        refused.add()
        return Status(
            .resourceExhausted, "EXPORT_TOO_LARGE",
            fr: "Ces données dépassent la taille d'une archive : utilisez l'exportation en lignes JSON.",
            en: "These data are more than an archive may hold: use the export as JSON lines.")
    }
}
