import RPC

/// One message as lines of "field  value", and a table under it for each list of messages in it.
struct Block {
    let catalog: Catalog
    let language: Language
    /// The columns to cut tables to; nil for no cutting.
    let width: Int?

    /// Messages in messages are shown as blocks down to here, deeper ones as JSON.
    private static let depthMax = 4

    func lines(_ value: JSON, of message: MessageType, depth: Int = 0) -> [String] {
        let indent = String(repeating: "  ", count: depth)
        let cells = CellText(catalog: catalog, language: language)
        let labels = message.fields.map { Console.safe(label(of: $0)) }
        let labelWidth = labels.map { DisplayWidth.of($0) }.max() ?? 0
        var (plain, below): ([String], [String]) = ([], [])
        for (field, label) in zip(message.fields, labels) {
            let found = value[field.jsonName]
            if let inner = catalog.message(of: field) {
                guard let found else { continue }
                if field.isRepeated {
                    below += list(found.elements, of: inner, label: label, indent: indent)
                } else if depth < Self.depthMax {
                    below += [indent + label + ":"] + lines(found, of: inner, depth: depth + 1)
                } else {
                    below.append(indent + label + ":  " + Console.safe(found.line))
                }
                continue
            }
            let text = cells.text(found, of: field)
            if text.isEmpty { continue }
            plain.append(indent + DisplayWidth.pad(label + ":", to: labelWidth + 1) + "  " + Console.safe(text))
        }
        return plain + below
    }

    private func list(_ values: [JSON], of message: MessageType, label: String, indent: String) -> [String] {
        guard !values.isEmpty else { return [] }
        let table = ResourceTable(message: message, catalog: catalog, language: language).table(values)
        let inner = indent + "  "
        return [indent + label + ":"] + table.lines(width: width.map { max(20, $0 - inner.count) }).map { inner + $0 }
    }

    private func label(of field: Field) -> String { field.name.split(separator: "_").joined(separator: " ") }
}
