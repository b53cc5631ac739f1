import CASE
import DirectoryAPI
import ModuleKit

extension FrameworksHandlers {
    func importFramework(
        _ request: API.ImportFrameworkRequest, _ call: WaitCall
    ) async throws -> API.ImportFrameworkResponse {
        let board = try ledBoard(request.parent, call)
        return try await importFramework(
            Array(request.package), into: board, validateOnly: request.validateOnly, call)
    }

    func uploadFramework(
        _ requests: RequestStream<API.UploadFrameworkRequest>, _ call: WaitCall
    ) async throws -> API.ImportFrameworkResponse {
        var order: (board: String, validateOnly: Bool)?
        var package: [UInt8] = []
        for try await request in requests {
            if order == nil { order = (try ledBoard(request.parent, call), request.validateOnly) }
            guard package.count + request.chunk.count <= intake.bytesMax else {
                throw FrameworkRefusal(
                    refusal: CASERefusal(problems: [CASEProblem(.tooLarge, at: "")]))
            }
            package += request.chunk
        }
        guard let order else { throw Status.required("parent") }
        return try await importFramework(package, into: order.board, validateOnly: order.validateOnly, call)
    }

    private func importFramework(
        _ bytes: [UInt8], into board: String, validateOnly: Bool, _ call: WaitCall
    ) async throws -> API.ImportFrameworkResponse {
        let intake = intake
        let package = try await call.compute { try intake.read(bytes) }
        return try await call.write(validateOnly: validateOnly) { call in
            guard call.standing.covers(board: board) else { throw Status.notFound(BoardName(board: board).description) }
            let last = try Framework.lastVersion(package.document.identifier, board: board, in: call.db)
            let plan = FrameworkPlan(package, board: board, version: last + 1, at: call.now, newID: call.newID)
            try plan.framework.insert(in: call.db)
            for competency in plan.competencies { try competency.insert(in: call.db) }
            for alignment in plan.alignments {
                try alignment.insert(id: call.newID(), framework: plan.framework.name, in: call.db)
            }
            try call.emit(.framework("imported", plan.framework))
            return try response(plan, package, board: board, call)
        }
    }

    private func response(
        _ plan: FrameworkPlan, _ package: CASEPackage, board: String, _ call: WriteCall
    ) throws -> API.ImportFrameworkResponse {
        let known = Set(package.items.map(\.identifier))
        let unresolved = try plan.alignments.filter { alignment in
            guard !known.contains(alignment.destination) else { return false }
            return try Competency.current(alignment.destination, board: board, in: call.db) == nil
        }
        return .with {
            $0.framework = API.Framework(plan.framework)
            $0.unresolvedAlignments = unresolved.prefix(100).map { API.Alignment($0, other: nil) }
            $0.unresolvedCount = Int32(clamping: unresolved.count)
        }
    }

    /// - Throws: NOT_FOUND for a board that the caller does not lead, whether it exists or not.
    private func ledBoard(_ parent: String, _ call: WaitCall) throws -> String {
        let board = try call.board(parent)
        guard call.standing.covers(board: board) else { throw Status.notFound(parent) }
        return board
    }
}
