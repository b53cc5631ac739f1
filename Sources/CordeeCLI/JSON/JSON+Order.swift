extension JSON {
    /// The value of a message with its members by field number, as the proto lists them, and so in the messages within;
    /// members that the descriptors do not know come last.
    ///
    /// The depth is that of the value, which its parser has bounded; a type that contains itself does no harm.
    func ordered(as message: MessageType?, in catalog: Catalog) -> JSON {
        guard case .object(let members) = self, let message else { return self }
        var known: [Member] = []
        for field in message.fields {
            guard let value = self[field.jsonName] else { continue }
            known.append(Member(name: field.jsonName, value: value.ordered(as: field, in: catalog)))
        }
        let names = Set(known.map(\.name))
        return .object(known + members.filter { !names.contains($0.name) })
    }

    private func ordered(as field: Field, in catalog: Catalog) -> JSON {
        if case .map(.message(let name)) = field.kind {
            let type = catalog.message(name)
            return .object(members.map { Member(name: $0.name, value: $0.value.ordered(as: type, in: catalog)) })
        }
        guard let type = catalog.message(of: field) else { return self }
        if case .array(let elements) = self { return .array(elements.map { $0.ordered(as: type, in: catalog) }) }
        return ordered(as: type, in: catalog)
    }
}
