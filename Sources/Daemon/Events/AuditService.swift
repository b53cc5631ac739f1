import CordeeAPI
import ModuleKit
import RPC

/// `cordee.system.v1.Audit`: proof that nobody altered the log of events.
struct AuditHandlers: AuditService {
    typealias Contexts = ModuleCalls

    /// Rows looked at in one read.
    private static let sliceRows = 5_000

    let key: ChainKey

    func verifyLog(
        _ request: CordeeSystem_VerifyLogRequest, _ call: WaitCall
    ) async throws -> CordeeSystem_VerifyLogResponse {
        let anchor = Anchor(lastIn: request.anchor)
        guard request.anchor.isEmpty || anchor != nil else {
            throw Status.badField("anchor", fr: "Aucune ancre ici.", en: "There is no anchor in it.")
        }
        var check = ChainCheck(key: key, anchor: anchor)
        var hasMore = true
        while hasMore {
            (check, hasMore) = try await call.report { [check] in
                var check = check
                let hasMore = try check.step(limit: Self.sliceRows, in: $0.db)
                return (check, hasMore)
            }
        }
        let log = try await call.report { try LogIdentity.current(in: $0.db) } ?? ""
        return Self.response(check.report, log: log, anchor: anchor, call.language)
    }

    func getAnchor(_ request: CordeeSystem_GetAnchorRequest, _ call: ReadCall) throws -> CordeeSystem_Anchor {
        guard let anchor = try Anchor.current(in: call.db) else { throw Status.notFound("log") }
        return .with { $0.text = anchor.text }
    }

    private static func response(
        _ report: ChainReport, log: String, anchor: Anchor?, _ language: Language
    ) -> CordeeSystem_VerifyLogResponse {
        let text = ChainText(report: report, anchor: anchor)
        return .with {
            $0.intact = report.finding == nil
            $0.finding = text.word
            $0.explanation = text.sentence[language]
            $0.rows = report.rowCount
            $0.anchored = report.isAnchored
            $0.anchor = Anchor(log: log, head: report.head).text
        }
    }
}
