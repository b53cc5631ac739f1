import DirectoryAPI
import ModuleKit
import OneRoster

extension DirectoryHandlers {
    func importRoster(
        _ request: API.ImportRosterRequest, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        let order = ImportOrder(
            boards: request.boards, validateOnly: request.validateOnly, confirmDepartures: request.confirmDepartures)
        _ = try ledBoards(order, call)
        return try await importRoster(Array(request.roster), order, call)
    }

    /// What is to be done with a roster beside reading it.
    struct ImportOrder: Sendable {
        /// The names of the boards.
        var boards: [String]
        var validateOnly: Bool
        var confirmDepartures: Bool
    }

    func importRoster(
        _ zip: [UInt8], _ order: ImportOrder, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        let intake = intake
        let (roster, warnings) = try await call.compute { try intake.stage(zip) }
        let version = roster.version.rawValue
        return try await call.write(validateOnly: order.validateOnly) { call in
            // Looked at again: the reading took its time.
            let rows = try DirectoryRows(of: try ledBoards(order, call), at: call.now, in: call.db)
            var roster = roster
            let leftOut = try roster.leaveOutErased(rows.boards, call)
            let plan = try RosterPlan(roster, onto: rows, at: call.now, newID: call.newID)
            try plan.checkDepartures(areConfirmed: order.confirmDepartures)
            try plan.apply(call)
            var response = API.ImportRosterResponse(plan)
            response.warnings = (warnings + leftOut).map { API.RosterProblem($0, call.language) }
            response.version = version
            return response
        }
    }

    /// The ids of the boards to import into.
    ///
    /// - Throws: NOT_FOUND for one that the caller does not lead, whether it exists or not.
    func ledBoards(_ order: ImportOrder, _ call: some ModuleCall) throws -> Set<String> {
        Set(
            try order.boards.map { text in
                guard let board = BoardName(text)?.board, call.standing.covers(board: board) else {
                    throw Status.notFound(text)
                }
                return board
            })
    }
}

extension API.ImportRosterResponse {
    fileprivate init(_ plan: RosterPlan) {
        self = .with {
            $0.orgs = API.ImportCounts(plan.orgs)
            $0.people = API.ImportCounts(plan.people)
            $0.assignments = API.ImportCounts(plan.assignments)
        }
    }
}

extension API.ImportCounts {
    fileprivate init(_ counts: RosterPlan.Counts) {
        self = .with {
            $0.created = Int32(counts.created)
            $0.updated = Int32(counts.updated)
            $0.unchanged = Int32(counts.unchanged)
            $0.deactivated = Int32(counts.deactivated)
        }
    }
}
