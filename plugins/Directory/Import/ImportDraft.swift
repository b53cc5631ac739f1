import DirectoryAPI
import ModuleKit

/// An import worked out on the directory as it was at one moment: beside the loop and the writer.
struct ImportDraft: Sendable {
    let plan: RosterPlan
    let erased: ErasedMarks
    /// What it was worked out on: see `DirectoryState`.
    let state: DirectoryState
    let warnings: [ImportProblem]

    /// - Parameters:
    ///   - boards: the ids of the boards that the import covers.
    ///   - newID: makes ids that rise.
    /// - Throws: `ImportRefusal`.
    init(
        _ package: StagedPackage, into boards: Set<String>, _ pseudonyms: Pseudonyms, areDeparturesConfirmed: Bool,
        newID: () -> String, _ call: ReadCall
    ) throws {
        state = try DirectoryState(of: boards, in: call.db)
        let rows = try DirectoryRows(of: boards, at: call.now, in: call.db)
        var roster: StagedRoster
        switch package.content {
        case .bulk(let whole): roster = whole
        case .delta(let delta): roster = try StagedRoster(rows, changedBy: delta)
        }
        erased = try roster.leaveOutErased(rows.boards, pseudonyms, in: call.db)
        warnings = package.warnings + erased.warnings
        plan = try RosterPlan(roster, onto: rows, at: call.now, newID: newID)
        try plan.checkDepartures(areConfirmed: areDeparturesConfirmed)
    }
}

/// What tells whether anything changed in some boards that an import depends on: counts, and sums of revisions, which
/// rise with each change. Places change by imports and with a person's own record.
struct DirectoryState: Equatable, Sendable {
    private var numbers: [Int64] = []
    private var lastImports: [String] = []

    init(of boards: Set<String>, in db: some Queryable) throws {
        for board in boards.sorted() {
            let people = try db.query(
                """
                SELECT COUNT(*), SUM(revision), COUNT(*) FILTER (WHERE state = 'INVITED'),
                       COUNT(*) FILTER (WHERE state = 'ACTIVE'), COUNT(*) FILTER (WHERE state = 'SUSPENDED'),
                       COUNT(*) FILTER (WHERE state = 'LEFT')
                  FROM directory_people
                 WHERE board_id = ?1 AND state <> 'ERASED'
                """,
                board
            ) { row in try (0..<6).map { try row.get($0, Int64?.self) ?? 0 } }
            let orgs = try db.query(
                "SELECT COUNT(*), SUM(revision), SUM(is_active) FROM directory_orgs WHERE board_id = ?1", board
            ) { row in try (0..<3).map { try row.get($0, Int64?.self) ?? 0 } }
            for row in people + orgs { numbers += row }
        }
        // Any board's: their places may be in each other's orgs.
        lastImports = try db.query(
            """
            SELECT id FROM directory_imports WHERE state IN ('APPLIED', 'REVERTED') ORDER BY applied_at DESC, id LIMIT 1
            """
        ) { row in try row.get(0) }
    }
}
