import DirectoryAPI
import ModuleKit

/// One import of a roster: what it was, what came of it, and until when it can be taken back (DOMAIN §1).
///
/// An import of several boards is one job, under the first board that the request names.
struct ImportJob: Sendable {
    enum State: String, ColumnValue {
        case received = "RECEIVED"
        case validated = "VALIDATED"
        case rejected = "REJECTED"
        case applying = "APPLYING"
        case applied = "APPLIED"
        case failed = "FAILED"
        case reverted = "REVERTED"

        /// Whether it is still to be decided what comes of it.
        var isOpen: Bool {
            switch self {
            case .received, .validated, .applying: true
            case .rejected, .applied, .failed, .reverted: false
            }
        }
    }

    enum Mode: String, ColumnValue {
        case unknown = ""
        case bulk = "BULK"
        case delta = "DELTA"
    }

    let name: ImportJobName
    /// The ids of all boards that it covers.
    var boards: [String]
    /// Of OneRoster; empty if it could not be told.
    var version: String
    var mode: Mode
    var state: State
    var counts = ImportTotals()
    /// How many problems there are; not all of them need be kept.
    var problemCount = 0
    let createdAt: Timestamp
    var appliedAt: Timestamp?
    var revertUntil: Timestamp?
    /// Whether somebody was erased whom it concerned: what they were is not kept any more.
    var hasErased = false
    /// The id of the import that this one takes back; such a one is not listed.
    var reverts: String?
}

/// What an import makes, changes, leaves and ends, of each kind.
struct ImportTotals: Equatable, Sendable {
    var orgs = RosterPlan.Counts()
    var people = RosterPlan.Counts()
    var assignments = RosterPlan.Counts()

    /// Twelve numbers, as the column holds them.
    var text: String {
        [orgs, people, assignments].flatMap { [$0.created, $0.updated, $0.unchanged, $0.deactivated] }
            .map(String.init).joined(separator: " ")
    }

    init() {}

    init(_ plan: RosterPlan) { (orgs, people, assignments) = (plan.orgs, plan.people, plan.assignments) }

    init(text: String) {
        let numbers = text.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 12 else { return }
        func counts(_ first: Int) -> RosterPlan.Counts {
            RosterPlan.Counts(
                created: numbers[first], updated: numbers[first + 1], unchanged: numbers[first + 2],
                deactivated: numbers[first + 3])
        }
        (orgs, people, assignments) = (counts(0), counts(4), counts(8))
    }
}

extension API.ImportJob {
    init(_ job: ImportJob, problems: [ImportProblem], _ language: Language) {
        self = .with {
            $0.name = job.name.description
            $0.boards = job.boards.map { BoardName(board: $0).description }
            $0.version = job.version
            $0.mode = API.RosterMode(job.mode)
            $0.state = State(job.state)
            $0.orgs = API.ImportCounts(job.counts.orgs)
            $0.people = API.ImportCounts(job.counts.people)
            $0.assignments = API.ImportCounts(job.counts.assignments)
            $0.errors = problems.map { API.RosterProblem($0, language) }
            $0.errorCount = Int32(clamping: job.problemCount)
            $0.createTime = .init(job.createdAt)
            if let time = job.appliedAt { $0.applyTime = .init(time) }
            if let time = job.revertUntil { $0.revertTimeLimit = .init(time) }
        }
    }
}

extension ImportJob.Mode {
    init(_ mode: API.RosterMode) {
        switch mode {
        case .bulk: self = .bulk
        case .delta: self = .delta
        default: self = .unknown
        }
    }
}

extension API.RosterMode {
    init(_ mode: ImportJob.Mode) {
        switch mode {
        case .unknown: self = .unspecified
        case .bulk: self = .bulk
        case .delta: self = .delta
        }
    }
}

extension API.ImportJob.State {
    init(_ state: ImportJob.State) {
        switch state {
        case .received: self = .received
        case .validated: self = .validated
        case .rejected: self = .rejected
        case .applying: self = .applying
        case .applied: self = .applied
        case .failed: self = .failed
        case .reverted: self = .reverted
        }
    }
}

extension API.ImportCounts {
    init(_ counts: RosterPlan.Counts) {
        self = .with {
            $0.created = Int32(counts.created)
            $0.updated = Int32(counts.updated)
            $0.unchanged = Int32(counts.unchanged)
            $0.deactivated = Int32(counts.deactivated)
        }
    }
}
