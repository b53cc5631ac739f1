/// A way from a message down to a field, "sessions.start_local", or to one entry of a map, "title.fr".
struct FieldPath {
    let fields: [Field]
    /// The key, when the last field is a map and the path goes on.
    let key: String?

    /// - Throws: `.usage` naming the part that is not there and the nearest field.
    init(_ path: String, in message: MessageType, of catalog: Catalog) throws(Failure) {
        var fields: [Field] = []
        var key: String?
        var parts = path.split(separator: ".", omittingEmptySubsequences: false)[...]
        var current: MessageType? = message
        while let part = parts.popFirst() {
            if let last = fields.last, case .map = last.kind, key == nil {
                key = String(part)
                continue
            }
            guard let field = current?.field(named: part), key == nil else {
                let near = Nearest.match(String(part), among: (current?.fields ?? []).map(\.name))
                throw .usage(Texts.unknownField("--print", String(part), nearest: near))
            }
            fields.append(field)
            current = catalog.message(of: field)
        }
        self.fields = fields
        self.key = key
    }

    /// Every value that the way leads to, in order; several where a field on it is repeated.
    func texts(in value: JSON, _ cells: CellText) -> [String] {
        guard let last = fields.last else { return [] }
        var holders = [value]
        for field in fields.dropLast() {
            holders = holders.flatMap { holder -> [JSON] in
                guard let next = holder[field.jsonName] else { return [] }
                return field.isRepeated ? next.elements : [next]
            }
        }
        return holders.flatMap { holder -> [String] in
            let found = holder[last.jsonName]
            if let key { return [found?[key].map { $0.text ?? $0.line } ?? ""] }
            guard last.isRepeated else { return [cells.text(found, of: last)] }
            return (found?.elements ?? []).map { cells.text(.array([$0]), of: last) }
        }
    }
}
