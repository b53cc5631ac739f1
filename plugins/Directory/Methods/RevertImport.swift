import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    /// Plans what takes an import back beside the writer, stages it in short writes, and applies it in one, as an import.
    func revertImport(_ request: API.RevertImportRequest, _ call: WaitCall) async throws -> API.RevertImportResponse {
        let found = try call.read { call in try revertible(request.name, call) }
        let boards = Set(found.boards)
        let (plan, state) = try await call.report { call in
            let job = try revertible(request.name, call)
            let rows = try DirectoryRows(of: boards, at: call.now, in: call.db)
            return (
                try RosterPlan(reverting: job, onto: rows, in: call.db), try DirectoryState(of: boards, in: call.db)
            )
        }
        let begun = try await call.stage { call in
            var own = ImportJob(
                name: ImportJobName(board: found.name.board, importJob: call.newID()), boards: found.boards,
                version: "", mode: .unknown, state: .received, createdAt: call.now)
            own.reverts = found.name.importJob
            try own.insert(by: call.caller.person, in: call.db)
            try call.schedule(Job(ImportFinish.kind, key: own.name.importJob), at: call.now + ImportFinish.openMax)
            return own
        }
        do {
            try await stage(plan, of: begun, ImportStage(id: begun.name.importJob, keepsBefore: false), call)
            return try await call.write { call in
                var job = try revertible(request.name, call)
                guard var own = try ImportJob.find(id: begun.name.importJob, in: call.db), own.state == .applying,
                    try DirectoryState(of: boards, in: call.db) == state
                else { throw ImportRefusal.outrun }
                try plan.apply(ImportStage(id: own.name.importJob, keepsBefore: false), call)
                (own.state, own.appliedAt) = (.applied, call.now)
                try own.save(in: call.db)
                job.state = .reverted
                try job.save(in: call.db)
                for id in [own.name.importJob, job.name.importJob] {
                    try call.schedule(Job(ImportFinish.kind, key: id), at: call.now)
                }
                return API.RevertImportResponse(
                    plan, API.ImportJob(job, problems: try job.problems(in: call.db), call.language))
            }
        } catch {
            try? await end(begun, as: .failed, [], omitted: 0, call)
            throw error
        }
    }

    /// An import that may be taken back now, as far as it is known without its rows.
    private func revertible(_ text: String, _ call: some ModuleCall & HasDatabase) throws -> ImportJob {
        guard let name = ImportJobName(text), call.standing.covers(board: name.board),
            let job = try call.findImport(name)
        else { throw Status.notFound(text) }
        // Known by its first board, it may cover others.
        guard job.boards.allSatisfy({ call.caller.roles.contains(Caller.HeldRole(.boardLead, board: $0)) }) else {
            throw Status.notFound(text)
        }
        try call.checkRevertible(job)
        return job
    }
}

/// A call with the database, whichever way it is open.
private protocol HasDatabase {
    func findImport(_ name: ImportJobName) throws -> ImportJob?
    func checkRevertible(_ job: ImportJob) throws
}

extension ReadCall: HasDatabase {
    func findImport(_ name: ImportJobName) throws -> ImportJob? { try ImportJob.find(name, in: db) }
    func checkRevertible(_ job: ImportJob) throws { try job.checkRevertible(at: now, in: db) }
}

extension WriteCall: HasDatabase {
    func findImport(_ name: ImportJobName) throws -> ImportJob? { try ImportJob.find(name, in: db) }
    func checkRevertible(_ job: ImportJob) throws { try job.checkRevertible(at: now, in: db) }
}

extension API.RevertImportResponse {
    fileprivate init(_ plan: RosterPlan, _ job: API.ImportJob) {
        let totals = ImportTotals(plan)
        self = .with {
            $0.importJob = job
            $0.orgs = API.ImportCounts(totals.orgs)
            $0.people = API.ImportCounts(totals.people)
            $0.assignments = API.ImportCounts(totals.assignments)
        }
    }
}
