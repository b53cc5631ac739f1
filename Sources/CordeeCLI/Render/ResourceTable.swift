import RPC

/// A table of messages of one type.
struct ResourceTable {
    let message: MessageType
    let catalog: Catalog
    let language: Language

    /// A message that names no columns shows its plain fields, at most so many.
    private static let plainColumnsMax = 8

    func table(_ values: [JSON]) -> Table {
        let cells = CellText(catalog: catalog, language: language)
        let columns = shown(for: values, cells)
        var table = Table(headings: columns.map(heading), rows: [])
        table.rows = values.map { value in
            columns.map { Console.safe($0.texts(in: value, cells).joined(separator: ", ")) }
        }
        for (index, column) in columns.enumerated() {
            guard let field = column.fields.last, !field.isRepeated else { continue }
            switch field.kind {
            case .int32, .int64, .uint32, .uint64, .double: table.rightAligned.insert(index)
            case .string where field.name == "name": table.names.insert(index)
            default: break
            }
        }
        return table
    }

    /// What the resource says of its columns; a path that leads nowhere is left out. Where nothing is said, the plain
    /// fields that say something in one of the rows.
    private func shown(for values: [JSON], _ cells: CellText) -> [FieldPath] {
        let said = message.resource?.columns ?? []
        let found = said.compactMap { try? FieldPath($0, in: message, of: catalog) }
        if !found.isEmpty { return found }
        let plain = message.fields.filter { $0.kind != .bytes && catalog.message(of: $0) == nil }
        let paths = plain.compactMap { try? FieldPath($0.name, in: message, of: catalog) }
        let filled = paths.filter { path in
            values.contains { value in path.texts(in: value, cells).contains { !$0.isEmpty } }
        }
        return Array((filled.isEmpty ? paths : filled).prefix(Self.plainColumnsMax))
    }

    private func heading(_ column: FieldPath) -> String {
        // "sessions.start_local" → "START LOCAL": the way there is known to who reads the table; a list's own name is not.
        let name = column.fields.last?.name ?? ""
        let shown = name == "name" && column.fields.count > 1 ? column.fields[column.fields.count - 2].name : name
        return Console.safe(shown.split(separator: "_").joined(separator: " ").uppercased())
    }
}
