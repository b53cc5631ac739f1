/// The ids that other rows may refer to.
struct References {
    /// The file whose rows they are, for the message.
    let file: String
    let ids: Set<String>
    /// When a row of that file could not be read, an id that is not found may be its own: nothing is said then.
    let isComplete: Bool

    init(_ file: RosterFile, known: Set<String> = []) {
        (self.file, self.ids, self.isComplete) = (file.name, file.ids.union(known), file.isComplete)
    }

    /// Whether `id` exists; when it surely does not, that is told.
    func check(_ id: String, from row: RosterRow, _ column: String, _ problems: inout ProblemList) -> Bool {
        if ids.contains(id) { return true }
        if isComplete { row.report(RelationFact.unknownReference(id, file: file), column, &problems) }
        return false
    }
}
