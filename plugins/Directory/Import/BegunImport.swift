import DirectoryAPI
import ModuleKit
import OneRoster

/// An import that has a job, and what planning it beside the writer needs of a write.
struct BegunImport: Sendable {
    var job: ImportJob
    /// The ids of the boards.
    var boards: Set<String>
    var ids: [String]
    var pseudonyms: Pseudonyms

    var id: String { job.name.importJob }
}

// The short writes of an import beside the one that applies it.
extension DirectoryHandlers {
    /// Puts an import on record as received. Should nothing more be heard of it, it is cleared away.
    func begin(_ package: StagedPackage, _ order: ImportOrder, _ call: WaitCall) async throws -> BegunImport {
        let boards = try ledBoards(order, call)
        let (count, version, mode) = (package.idsMax, package.version.rawValue, package.mode)
        return try await call.stage { call in
            var job = try Self.job(order, call)
            (job.version, job.mode) = (version, mode)
            try job.insert(by: call.caller.person, in: call.db)
            try call.schedule(Job(ImportFinish.kind, key: job.name.importJob), at: call.now + ImportFinish.openMax)
            return BegunImport(
                job: job, boards: boards, ids: (0..<count).map { _ in call.newID() }, pseudonyms: call.pseudonyms)
        }
    }

    /// Puts a package on record that could not even be read.
    func record(_ refusal: ImportRefusal, _ order: ImportOrder, _ call: WaitCall) async throws {
        try await call.stage { call in
            var job = try Self.job(order, call)
            job.state = .rejected
            job.mode = order.mode
            job.problemCount = refusal.problems.count + refusal.omitted
            try job.insert(by: call.caller.person, in: call.db)
            try job.insert(refusal.problems, in: call.db)
        }
    }

    /// Takes away what earlier imports of the boards left, and outruns one that is under way.
    func clearLeftovers(of boards: Set<String>, beside id: String, _ call: WaitCall) async throws {
        while try await call.stage({ call in
            guard let job = try ImportFinish.leftover(of: boards, beside: id, in: call.db) else { return false }
            _ = try ImportFinish.step(job, call)
            return true
        }) {}
    }

    private static func job(_ order: ImportOrder, _ call: WriteCall) throws -> ImportJob {
        let boards = order.boards.compactMap { BoardName($0)?.board }
        guard let first = boards.first else { throw Status.required("boards") }
        return ImportJob(
            name: ImportJobName(board: first, importJob: call.newID()), boards: boards, version: "", mode: .unknown,
            state: .received, createdAt: call.now)
    }

    /// Writes the slices of a plan.
    func stage(_ plan: RosterPlan, of begun: ImportJob, _ stage: ImportStage, _ call: WaitCall) async throws {
        try await mark(begun, as: .validated, call)
        for slice in stage.slices(of: plan, rows: importing.sliceRows) {
            try await call.stage { call in try slice(call.db) }
        }
        try await mark(begun, as: .applying, call)
    }

    private func mark(_ begun: ImportJob, as state: ImportJob.State, _ call: WaitCall) async throws {
        try await call.stage { call in
            guard var job = try ImportJob.find(id: begun.name.importJob, in: call.db), job.state.isOpen else {
                throw ImportRefusal.outrun
            }
            job.state = state
            try job.save(in: call.db)
        }
    }

    /// Takes away what was staged of a plan that does not hold any more.
    func unstage(_ id: String, _ call: WaitCall) async throws {
        for side in ["A", "B"] {
            while try await call.stage({ call in
                try ImportFinish.remove(id, side: side, isIn: false, call.db)
            }) {}
        }
    }

    /// Ends an import that was not applied, and has what it staged taken away.
    func end(
        _ begun: ImportJob, as state: ImportJob.State, _ problems: [ImportProblem], omitted: Int, _ call: WaitCall
    ) async throws {
        try await call.stage { call in
            guard var job = try ImportJob.find(id: begun.name.importJob, in: call.db), job.state.isOpen else { return }
            job.state = state
            job.problemCount = problems.count + omitted
            try job.save(in: call.db)
            try job.insert(problems, in: call.db)
            try call.schedule(Job(ImportFinish.kind, key: job.name.importJob), at: call.now)
        }
    }
}
