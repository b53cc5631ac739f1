import ModuleKit
import OneRoster

/// A roster as the directory understands it: the boards' own orgs and staff, in the roster's own ids, with all that is
/// dear to compute (sort keys) computed.
struct StagedRoster: Sendable {
    struct OrgRow: Sendable {
        var line: Int
        var sourceID: String
        /// The board that it is, or lies in; nil for what lies above the boards.
        var board: String?
        /// The org above it in its board.
        var parent: String?
        var kind: Org.Kind
        var title: String
        // Nil where the roster does not say: what is known stays.
        var zone: String?
        var locality: String?
        var isRemote: Bool?
    }

    struct PersonRow: Sendable {
        var line: Int
        var sourceID: String
        /// The board of the primary assignment.
        var board: String?
        var details: Person.Details
        var places: [Place]
    }

    struct Place: Sendable {
        var file: String
        var line: Int
        /// What the roster calls the place, if it does.
        var sourceID: String?
        var org: String
        var board: String?
        var role: String
        var isPrimary: Bool
        var begin: CivilDate?
        var end: CivilDate?
        /// The part of a full post; nil where the roster does not say.
        var share: Double?
        /// Whether it lies in another board on purpose.
        var isSecondment = false
    }

    var version: OneRosterVersion
    var orgs: [OrgRow]
    /// The staff; nil if the roster is about orgs alone.
    var people: [PersonRow]?
    /// How many problems are told at once.
    var problemsMax = 200
    /// Whether it was made of a delta: then whom it does not name has not been looked at.
    var isDelta = false
}

/// A package as it was read.
struct StagedPackage: Sendable {
    enum Content: Sendable {
        case bulk(StagedRoster)
        case delta(StagedDelta)
    }

    var content: Content
    var warnings: [ImportProblem]

    var version: OneRosterVersion {
        switch content {
        case .bulk(let roster): roster.version
        case .delta(let delta): delta.version
        }
    }

    var mode: ImportJob.Mode {
        switch content {
        case .bulk: .bulk
        case .delta: .delta
        }
    }

    /// As many new ids as planning it can take.
    var idsMax: Int {
        switch content {
        case .bulk(let roster):
            roster.orgs.count + (roster.people ?? []).reduce(0) { $0 + 1 + $1.places.count }
        case .delta(let delta):
            delta.orgs.count + delta.roles.count + delta.people.reduce(0) { $0 + 1 + ($1.row?.places.count ?? 0) }
        }
    }
}

extension StagedDelta {
    func refuseIfAny(_ problems: [ImportProblem]) throws(ImportRefusal) {
        try StagedRoster(version: version, orgs: [], problemsMax: problemsMax).refuseIfAny(problems)
    }
}

extension StagedRoster {
    /// - Throws: `.rejected` with the first of the problems, by file and line, if there are any.
    func refuseIfAny(_ problems: [ImportProblem]) throws(ImportRefusal) {
        guard !problems.isEmpty else { return }
        let told = problems.sorted { ($0.file, $0.line ?? 0) < ($1.file, $1.line ?? 0) }.prefix(problemsMax)
        throw .rejected(Array(told), omitted: problems.count - told.count)
    }

    /// What keeps the roster from being imported into some boards: rows of others, boards without a row, and places
    /// outside of the person's own board.
    ///
    /// - Parameter boards: what the roster calls them.
    func problems(importing boards: Set<String>) -> [ImportProblem] {
        let files = (orgs: "orgs.csv", users: "users.csv")
        let missing = boards.subtracting(orgs.filter { $0.kind == .board }.map(\.sourceID)).map { _ in
            ImportProblem(.missingBoard, file: files.orgs)
        }
        // Rows above the boards belong to nobody's board: they are passed over.
        let foreignOrgs = orgs.filter { $0.board.map { !boards.contains($0) } ?? false }.map { org in
            let column = org.kind == .board ? "sourcedId" : "parentSourcedId"
            return ImportProblem(.foreignBoard, file: files.orgs, line: org.line, column: column)
        }
        return missing + foreignOrgs
            + (people ?? []).flatMap { person -> [ImportProblem] in
                guard let board = person.board, boards.contains(board) else {
                    return [ImportProblem(.foreignBoard, file: files.users, line: person.line)]
                }
                return person.places.filter { $0.board != board && !$0.isSecondment }.map {
                    ImportProblem(.otherBoard, file: $0.file, line: $0.line)
                }
            }
    }
}
