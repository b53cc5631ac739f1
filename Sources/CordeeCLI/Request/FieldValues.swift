import RPC
import SwiftProtobuf

/// Turns the text of a flag into the JSON of a value, as protobuf-JSON wants it.
struct FieldValues {
    let catalog: Catalog
    let language: Language
    let files: ArgumentFiles

    /// One value of a kind.
    ///
    /// - Parameter label: what the person wrote, for the error: "--capacity".
    func value(_ text: String, of kind: Field.Kind, label: String) throws(Failure) -> JSON {
        switch kind {
        case .string: return .string(text)
        case .bytes: return .string(Base64.encode(try files.bytes(text, label: label)))
        case .bool:
            guard let value = Self.truths[text.lowercased()] else { throw wrong(label, text, "true, false") }
            return .bool(value)
        case .int32: return .number(Double(try integer(text, Int32.self, label)))
        case .uint32: return .number(Double(try integer(text, UInt32.self, label)))
        // Beyond 2⁵³ a JSON number is not exact: protobuf-JSON takes these as texts.
        case .int64: return .string(String(try integer(text, Int64.self, label)))
        case .uint64: return .string(String(try integer(text, UInt64.self, label)))
        case .double:
            guard let value = Double(text), value.isFinite else { throw wrong(label, text, "1.5") }
            return .number(value)
        case .enumeration: return .string(try enumeration(text, of: kind, label: label))
        case .message(let name): return try message(text, named: name, label: label)
        case .map: return try json(text, label: label, example: "{…}")
        }
    }

    /// One entry of a map, "key=value"; of a localized text also a bare value, which is in the caller's language.
    func entry(
        _ text: String, of kind: Field.Kind, isLocalized: Bool, label: String
    ) throws(Failure) -> JSON.Member {
        let key = text.prefix { $0 != "=" }
        if isLocalized, key.count == text.count || !Self.isLanguageTag(key) {
            return JSON.Member(name: language.rawValue, value: .string(text))
        }
        guard key.count < text.count, !key.isEmpty else { throw wrong(label, text, "k=v") }
        let value = try value(String(text.dropFirst(key.count + 1)), of: kind, label: label)
        return JSON.Member(name: String(key), value: value)
    }

    /// A name of an enum's value in any case, with dashes or underscores, with or without what all its names begin with.
    private func enumeration(_ text: String, of kind: Field.Kind, label: String) throws(Failure) -> String {
        let wanted = Naming.screaming(text)
        guard let type = catalog.enumeration(of: kind) else { return wanted }
        let names = type.values.map(\.name)
        let prefix = Naming.screaming(Naming.kebab(type.simpleName)) + "_"
        if let name = names.first(where: { $0 == wanted || $0 == prefix + wanted }) { return name }
        let choices = type.values.filter { !$0.isUnspecified }.map(\.name)
        if let near = Nearest.match(wanted, among: names) { throw .value(Texts.wrongEnum(label, text, nearest: near)) }
        throw wrong(label, text, choices.joined(separator: ", "))
    }

    private func message(_ text: String, named name: String, label: String) throws(Failure) -> JSON {
        switch name {
        case "google.protobuf.Timestamp":
            guard (try? Google_Protobuf_Timestamp(jsonString: JSON.string(text).line)) != nil else {
                throw wrong(label, text, "2026-11-24T15:45:00Z")
            }
            return .string(text)
        case "google.protobuf.Duration":
            guard let duration = DurationText.parse(text) else { throw wrong(label, text, "90s, 48h, 1h30m") }
            return .string(DurationText.json(duration))
        case "google.protobuf.FieldMask":
            let paths = text.split(separator: ",").map { path in
                path.split(separator: ".").map { Naming.camel($0) }.joined(separator: ".")
            }
            return .string(paths.joined(separator: ","))
        default: break
        }
        if let kind = Self.wrappers[name] { return try value(text, of: kind, label: label) }
        if text.hasPrefix("{") || name.hasPrefix("google.protobuf.") {
            return try json(text, label: label, example: "{\"…\":…}")
        }
        guard let type = catalog.message(name) else { return try json(text, label: label, example: "{\"…\":…}") }
        return try shorthand(text, of: type, label: label)
    }

    /// "start-local=…,end-local=…": the fields of a message without messages in it. A comma belongs to the value unless
    /// a field's name and "=" follow it.
    private func shorthand(_ text: String, of type: MessageType, label: String) throws(Failure) -> JSON {
        var parts: [(field: Field, text: String)] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = piece.prefix { $0 != "=" }
            if name.count < piece.count, let field = type.field(named: Naming.trimmed(name)) {
                parts.append((field, String(piece.dropFirst(name.count + 1))))
            } else if parts.isEmpty || (name.count < piece.count && Naming.isIdentifier(name)) {
                let near = Nearest.match(Naming.trimmed(name), among: type.fields.map(\.flagName))
                throw .value(Texts.unknownField(label, Naming.trimmed(name), nearest: near))
            } else {
                parts[parts.count - 1].text += "," + piece
            }
        }
        var result = JSON.object([])
        for (field, text) in parts {
            let inner = "\(label) \(field.flagName)"
            if case .map = field.kind { throw wrong(inner, text, "{\"…\":…}") }
            let value = try value(text, of: field.kind, label: inner)
            let before = result[field.jsonName]
            if before != nil, !field.isRepeated { throw .usage(Texts.givenTwice(inner)) }
            result.set([field.jsonName], to: field.isRepeated ? .array((before?.elements ?? []) + [value]) : value)
        }
        return result
    }

    private func json(_ text: String, label: String, example: String) throws(Failure) -> JSON {
        guard let value = try? JSON(parsing: text) else { throw wrong(label, text, example) }
        return value
    }

    private func integer<Integer: FixedWidthInteger>(
        _ text: String, _ type: Integer.Type, _ label: String
    ) throws(Failure) -> Integer {
        guard let value = Integer(text) else { throw wrong(label, text, "\(Integer.min)…\(Integer.max)") }
        return value
    }

    private func wrong(_ label: String, _ text: String, _ example: String) -> Failure {
        .value(Texts.wrongValue(label, text, expected: example))
    }

    /// Enough of RFC 5646 to tell "en=…" and "fr-CA=…" from a title with an equals sign in it.
    private static func isLanguageTag(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.count), first.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            (2...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }

    private static let truths = [
        "true": true, "yes": true, "oui": true, "vrai": true, "1": true,
        "false": false, "no": false, "non": false, "faux": false, "0": false,
    ]

    private static let wrappers: [String: Field.Kind] = [
        "google.protobuf.StringValue": .string, "google.protobuf.BytesValue": .bytes,
        "google.protobuf.BoolValue": .bool,
        "google.protobuf.Int32Value": .int32, "google.protobuf.Int64Value": .int64,
        "google.protobuf.UInt32Value": .uint32,
        "google.protobuf.UInt64Value": .uint64, "google.protobuf.DoubleValue": .double,
        "google.protobuf.FloatValue": .double,
    ]
}
