/// The ids that other rows may refer to.
struct References {
    /// The file whose rows they are, for the message.
    let file: String
    let ids: Set<String>
    /// When a row of that file could not be read, an id that is not found may be its own: nothing is said then.
    let isComplete: Bool
    private var acceptsAll = false

    init(_ file: RosterFile, known: Set<String> = []) {
        (self.file, self.ids, self.isComplete) = (file.name, file.ids.union(known), file.isComplete)
    }

    /// Of a delta: what its rows refer to may be there already, which only the database can tell.
    static func beyond(_ file: RosterFile) -> References { References(anyIn: file.name) }

    private init(anyIn file: String) { (self.file, ids, isComplete, acceptsAll) = (file, [], false, true) }

    /// Whether `id` exists; when it surely does not, that is told.
    func check(_ id: String, from row: RosterRow, _ column: String, _ problems: inout ProblemList) -> Bool {
        if acceptsAll || ids.contains(id) { return true }
        if isComplete { row.report(RelationFact.unknownReference(id, file: file), column, &problems) }
        return false
    }
}
