import CordeeAPI
import ModuleKit
import RPC

extension PrivacyHandlers {
    /// Records that are read, recorded as seen, and sent together.
    private static let recordsPerPage = 100

    /// Each page is read in one state of the database; from page to page it may move on. So a record is whole, and one that
    /// was there all the time is in it once.
    func exportBoard(
        _ request: CordeeSystem_ExportBoardRequest,
        _ responses: ResponseSender<CordeeSystem_ExportedBoardRecord>, _ call: WaitCall
    ) async throws {
        let board = try call.board(request.parent)
        guard call.standing.covers(board: board) else { throw Status.notFound(request.parent) }
        let (boards, finder) = (boards, finder)
        try await responses.send(contentsOf: [
            .with {
                $0.leftOut = boards.flatMap { module in
                    module.data.leftOut.map { left in
                        .with { ($0.table, $0.why) = (left.table, left.why.texts) }
                    }
                }
            }
        ])
        for module in boards {
            for collection in module.data.collections {
                var after: String? = ""
                while let from = after {
                    let page = try await call.report { call in
                        let ids = try collection.ids(board, from, Self.recordsPerPage, call.db)
                        let records: [CordeeSystem_ExportedBoardRecord] = try ids.compactMap { id in
                            guard let record = try collection.record(board, id, call.db) else { return nil }
                            return try .with {
                                $0.collection = "\(module.name).\(collection.name)"
                                $0.json = try record.jsonString()
                                $0.people = finder.people(in: record).map(\.name).sorted()
                            }
                        }
                        return (records: records, last: ids.count < Self.recordsPerPage ? nil : ids.last)
                    }
                    if !page.records.isEmpty { try await responses.send(contentsOf: page.records) }
                    after = page.last
                }
            }
        }
    }
}

/// What one module gives of a board.
struct ModuleBoardData: Sendable {
    let name: String
    let data: BoardData
}
