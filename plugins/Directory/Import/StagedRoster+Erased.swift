import ModuleKit

extension StagedRoster {
    /// Takes out the people who were erased while rosters named them: see `ErasedPeople`. Marks of people whom this
    /// roster does not name any more are taken away.
    ///
    /// - Parameter boards: the ids of the boards by what a roster calls them.
    /// - Returns: a warning for each row that was left out.
    mutating func leaveOutErased(_ boards: [String: String], _ call: WriteCall) throws -> [ImportProblem] {
        guard let people else { return [] }
        var marks: [String: Set<[UInt8]>] = [:]
        for board in boards.values { marks[board] = try ErasedPeople.marks(board: board, in: call.db) }
        guard marks.values.contains(where: { !$0.isEmpty }) else { return [] }
        var unseen = marks
        var (kept, warnings): ([PersonRow], [ImportProblem]) = ([], [])
        for row in people {
            let board = row.board.flatMap { boards[$0] } ?? ""
            let names = [
                ErasedPeople.mark(sourceID: row.sourceID, emailKey: nil, in: call),
                ErasedPeople.mark(sourceID: nil, emailKey: row.details.emailKey, in: call),
            ].compactMap(\.self)
            if let mark = names.first(where: { marks[board]?.contains($0) ?? false }) {
                unseen[board]?.remove(mark)
                var warning = ImportProblem(.erasedPerson, file: "users.csv", line: row.line, column: "sourcedId")
                warning.isWarning = true
                warnings.append(warning)
            } else {
                kept.append(row)
            }
        }
        for (board, marks) in unseen {
            for mark in marks { try ErasedPeople.remove(mark, board: board, in: call.db) }
        }
        self.people = kept
        return warnings
    }
}
