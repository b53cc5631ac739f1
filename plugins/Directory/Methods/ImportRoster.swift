import DirectoryAPI
import ModuleKit
import OneRoster

extension DirectoryHandlers {
    func importRoster(
        _ request: API.ImportRosterRequest, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        let boards = try ledBoards(request.boards, call)
        let (intake, zip) = (intake, Array(request.roster))
        let (roster, warnings) = try await call.compute { try intake.stage(zip) }
        let isConfirmed = request.confirmDepartures
        var response = try await call.write(validateOnly: request.validateOnly) { call in
            let rows = try DirectoryRows(of: boards, at: call.now, in: call.db)
            let plan = try RosterPlan(roster, onto: rows, at: call.now, newID: call.newID)
            try plan.checkDepartures(areConfirmed: isConfirmed)
            try plan.apply(call)
            return API.ImportRosterResponse(plan)
        }
        response.warnings = warnings.map { API.RosterProblem($0, call.language) }
        response.version = roster.version.rawValue
        return response
    }

    /// The ids of the boards to import into.
    ///
    /// - Throws: NOT_FOUND for one that the caller does not lead, whether it exists or not.
    private func ledBoards(_ names: [String], _ call: WaitCall) throws -> Set<String> {
        Set(
            try names.map { text in
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
