import DirectoryAPI
import ModuleKit
import OneRoster

extension DirectoryHandlers {
    func importRoster(
        _ request: API.ImportRosterRequest, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        let order = ImportOrder(
            boards: request.boards, validateOnly: request.validateOnly, confirmDepartures: request.confirmDepartures,
            mode: ImportJob.Mode(request.mode))
        _ = try ledBoards(order, call)
        return try await importRoster(Array(request.roster), order, call)
    }

    /// What is to be done with a roster beside reading it.
    struct ImportOrder: Sendable {
        /// The names of the boards.
        var boards: [String]
        var validateOnly: Bool
        var confirmDepartures: Bool
        /// What the package must be; unknown for whatever it is.
        var mode: ImportJob.Mode
    }

    /// Reads the package and plans its import beside the writer, stages it in short writes, and applies it in one.
    func importRoster(
        _ zip: [UInt8], _ order: ImportOrder, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        let package: StagedPackage
        do {
            package = try await call.compute { [intake] in try intake.stage(zip, as: order.mode) }
        } catch let refusal as ImportRefusal {
            if !order.validateOnly { try await record(refusal, order, call) }
            throw refusal
        }
        guard !order.validateOnly else { return try await validate(package, order, call) }
        let begun = try await begin(package, order, call)
        do {
            try await clearLeftovers(of: begun.boards, beside: begun.id, call)
            return try await apply(package, begun, order, call)
        } catch let refusal as ImportRefusal {
            try await end(begun.job, as: .rejected, refusal.problems, omitted: refusal.omitted, call)
            throw refusal
        } catch {
            // A repeat of a call that was carried out, too, leaves its own job as failed.
            try? await end(begun.job, as: .failed, [], omitted: 0, call)
            throw error
        }
    }

    /// Plans again what was outrun by another change so often.
    private static let attemptsMax = 3

    private func apply(
        _ package: StagedPackage, _ begun: BegunImport, _ order: ImportOrder, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        var attempt = 1
        while true {
            let draft = try await call.report { call in
                var ids = begun.ids.makeIterator()
                return try ImportDraft(
                    package, into: begun.boards, begun.pseudonyms, areDeparturesConfirmed: order.confirmDepartures,
                    newID: { ids.next() ?? "" }, call)
            }
            try await stage(draft.plan, of: begun.job, ImportStage(id: begun.id), call)
            let boards = begun.boards
            let now = try await call.report { call in try DirectoryState(of: boards, in: call.db) }
            if now == draft.state { return try await apply(draft, begun.job, order, call) }
            guard attempt < Self.attemptsMax else { throw ImportRefusal.outrun }
            attempt += 1
            try await unstage(begun.id, call)
        }
    }

    /// The call's one write.
    private func apply(
        _ draft: ImportDraft, _ begun: ImportJob, _ order: ImportOrder, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        let limit = importing.revertLimit
        return try await call.write { call in
            // Looked at again: all that went before took its time.
            let boards = try ledBoards(order, call)
            guard var job = try ImportJob.find(id: begun.name.importJob, in: call.db), job.state == .applying,
                try DirectoryState(of: boards, in: call.db) == draft.state
            else { throw ImportRefusal.outrun }
            try draft.plan.apply(ImportStage(id: job.name.importJob), call)
            for (board, mark) in draft.erased.unseen { try ErasedPeople.remove(mark, board: board, in: call.db) }
            job.state = .applied
            job.counts = ImportTotals(draft.plan)
            job.appliedAt = call.now
            job.revertUntil = call.now + limit
            try job.save(in: call.db)
            try call.schedule(Job(ImportFinish.kind, key: job.name.importJob), at: call.now)
            return API.ImportRosterResponse(draft, job, call.language)
        }
    }

    private func validate(
        _ package: StagedPackage, _ order: ImportOrder, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        let boards = try ledBoards(order, call)
        let pseudonyms = try await call.stage { $0.pseudonyms }
        return try await call.report { call in
            var count = 0
            let draft = try ImportDraft(
                package, into: boards, pseudonyms, areDeparturesConfirmed: order.confirmDepartures,
                newID: {
                    count += 1
                    return "new-\(count)"
                }, call)
            var response = API.ImportRosterResponse(draft, nil, call.language)
            response.version = package.version.rawValue
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
    fileprivate init(_ draft: ImportDraft, _ job: ImportJob?, _ language: Language) {
        let totals = ImportTotals(draft.plan)
        self = .with {
            $0.orgs = API.ImportCounts(totals.orgs)
            $0.people = API.ImportCounts(totals.people)
            $0.assignments = API.ImportCounts(totals.assignments)
            $0.warnings = draft.warnings.map { API.RosterProblem($0, language) }
            $0.version = job?.version ?? ""
            $0.importJob = job?.name.description ?? ""
        }
    }
}
