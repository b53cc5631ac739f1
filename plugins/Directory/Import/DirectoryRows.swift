import DirectoryAPI
import ModuleKit

/// What the directory holds of some boards before an import.
struct DirectoryRows: Sendable {
    /// The boards' ids by what a roster calls them.
    var boards: [String: String] = [:]
    var orgs: [Org] = []
    /// Erased ones left out.
    var people: [Person] = []
    /// The main one of each person first.
    var assignments: [Assignment] = []
    /// Who leads which board, among all boards: pairs of ids.
    var leads: [Lead] = []

    struct Lead: Equatable, Sendable {
        var board: String
        var person: String
    }
}

extension DirectoryRows {
    init(of boards: Set<String>, at now: Timestamp, in db: some Queryable) throws {
        for board in boards.sorted() {
            orgs += try Org.list(board: board, after: .start, limit: .max, in: db)
            let filter = Person.Filter(showsLeft: true)
            people += try Person.list(board: board, filter, after: .start, limit: .max, in: db)
            assignments += try Assignment.list(board: board, in: db)
        }
        self.boards = Dictionary(
            orgs.filter { $0.kind == .board }.map { ($0.sourceID, $0.name.board) }
        ) { first, _ in first }
        leads = try Grant.leads(at: now, in: db)
    }
}
