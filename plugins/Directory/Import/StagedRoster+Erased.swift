import ModuleKit

/// Who was erased, as an import needs to know: see `ErasedPeople`.
struct ErasedMarks: Sendable {
    /// Of people whom a roster of the boards does not name any more: an import in bulk takes them away.
    var unseen: [(board: String, mark: [UInt8])] = []
    /// One for each row that was left out.
    var warnings: [ImportProblem] = []
}

extension StagedRoster {
    /// Takes out the people who were erased while rosters named them.
    ///
    /// - Parameter boards: the ids of the boards by what a roster calls them.
    mutating func leaveOutErased(
        _ boards: [String: String], _ pseudonyms: Pseudonyms, in db: some Queryable
    ) throws -> ErasedMarks {
        var erased = ErasedMarks()
        guard let people else { return erased }
        var marks: [String: Set<[UInt8]>] = [:]
        for board in boards.values { marks[board] = try ErasedPeople.marks(board: board, in: db) }
        guard marks.values.contains(where: { !$0.isEmpty }) else { return erased }
        var unseen = marks
        var kept: [PersonRow] = []
        for row in people {
            let board = row.board.flatMap { boards[$0] } ?? ""
            let names = [
                ErasedPeople.mark(sourceID: row.sourceID, emailKey: nil, by: pseudonyms),
                ErasedPeople.mark(sourceID: nil, emailKey: row.details.emailKey, by: pseudonyms),
            ].compactMap(\.self)
            if let mark = names.first(where: { marks[board]?.contains($0) ?? false }) {
                unseen[board]?.remove(mark)
                var warning = ImportProblem(.erasedPerson, file: "users.csv", line: row.line, column: "sourcedId")
                warning.isWarning = true
                erased.warnings.append(warning)
            } else {
                kept.append(row)
            }
        }
        self.people = kept
        // A delta names few: that it does not name somebody says nothing.
        if !isDelta { erased.unseen = unseen.flatMap { board, marks in marks.map { (board, $0) } } }
        return erased
    }
}
