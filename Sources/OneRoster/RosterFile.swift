/// The rows of one file whose form is right.
struct RosterFile {
    let name: String
    /// In the order of the file; none of them has the id of an earlier one.
    let rows: [RosterRow]
    /// The ids of all rows that could be read, also of those that are refused for something else.
    let ids: Set<String>
    /// Whether each row could be read. When not, a reference that finds nothing may mean a row that is refused already.
    let isComplete: Bool

    static func absent(_ name: String, isComplete: Bool) -> RosterFile {
        RosterFile(name: name, rows: [], ids: [], isComplete: isComplete)
    }
}

/// One row, its values by column.
struct RosterRow {
    let file: String
    let line: Int
    private let columns: [String: Int]
    private let fields: [String]

    /// What a row of a delta says of what it names.
    enum DeltaStatus: String, CaseIterable { case active, tobedeleted }

    /// Whether what the row names goes: in a delta alone.
    var isDeleted: Bool { self["status"] == DeltaStatus.tobedeleted.rawValue }

    init(file: String, line: Int, columns: [String: Int], fields: [String]) {
        (self.file, self.line, self.columns, self.fields) = (file, line, columns, fields)
    }

    /// Nil when the column is missing or its value empty: CSV cannot tell these apart.
    subscript(column: String) -> String? {
        guard let index = columns[column], index < fields.count, !fields[index].isEmpty else { return nil }
        return fields[index]
    }
}
