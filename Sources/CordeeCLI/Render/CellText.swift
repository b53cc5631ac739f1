import RPC

/// Values as people read them.
struct CellText {
    let catalog: Catalog
    let language: Language

    /// What one value of a field says; for a field that is not in the answer (proto3 leaves zeros out) its default value.
    func text(_ value: JSON?, of field: Field) -> String {
        if case .map = field.kind { return field.rules.isLocalizedText ? localized(value) : entries(value) }
        if field.isRepeated { return (value?.elements ?? []).map { one($0, field.kind) }.joined(separator: ", ") }
        return one(value ?? defaultValue(of: field), field.kind)
    }

    /// A text of a map by language: the reader's, else French, else any (RFC 4647 §3.4).
    private func localized(_ value: JSON?) -> String {
        let members = value?.members ?? []
        for tag in [language.rawValue, Language.fr.rawValue] {
            let found = members.first { $0.name == tag } ?? members.first { $0.name.hasPrefix(tag + "-") }
            if let found { return found.value.text ?? "" }
        }
        return members.first?.value.text ?? ""
    }

    private func entries(_ value: JSON?) -> String {
        (value?.members ?? []).map { "\($0.name)=\($0.value.text ?? $0.value.line)" }.joined(separator: ", ")
    }

    private func one(_ value: JSON?, _ kind: Field.Kind) -> String {
        switch value {
        case nil, .null?: ""
        case .bool(let truth)?: (truth ? Texts.yes : Texts.no)[language]
        case .string(let text)?:
            // "Nothing was said" is nothing to read.
            catalog.enumeration(of: kind)?.values.contains { $0.name == text && $0.isUnspecified } == true ? "" : text
        case .number(let number)?: JSON.numberText(number)
        case let value?: value.line
        }
    }

    private func defaultValue(of field: Field) -> JSON? {
        if field.hasPresence { return nil }
        switch field.kind {
        case .bool: return .bool(false)
        case .int32, .int64, .uint32, .uint64, .double: return .number(0)
        case .enumeration:
            return catalog.enumeration(of: field.kind)?.values.first { $0.number == 0 }.map { .string($0.name) }
        case .string, .bytes, .message, .map: return nil
        }
    }
}
