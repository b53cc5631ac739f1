import SwiftProtobuf

extension JSON {
    /// Reads JSON. The members of objects come sorted by name, since their order means nothing.
    ///
    /// - Throws: SwiftProtobuf's error for what is no JSON, and for more than 100 levels.
    init(parsing text: String) throws { self.init(try Google_Protobuf_Value(jsonString: text)) }

    init(parsing bytes: [UInt8]) throws { self.init(try Google_Protobuf_Value(jsonUTF8Bytes: bytes)) }

    private init(_ value: Google_Protobuf_Value) {
        switch value.kind {
        case .boolValue(let value): self = .bool(value)
        case .numberValue(let value): self = .number(value)
        case .stringValue(let value): self = .string(value)
        case .listValue(let list): self = .array(list.values.map(JSON.init))
        case .structValue(let object):
            let fields = object.fields.sorted { $0.key < $1.key }
            self = .object(fields.map { Member(name: $0.key, value: JSON($0.value)) })
        case .nullValue, nil: self = .null
        }
    }

    /// The value on one line, without spaces.
    var line: String {
        var text = ""
        append(to: &text)
        return text
    }

    private func append(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let value): text += Self.numberText(value)
        case .string(let value): Self.append(value, to: &text)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.append(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.append(member.name, to: &text)
                text += ":"
                member.value.append(to: &text)
            }
            text += "}"
        }
    }

    /// A whole number without ".0"; beyond 2⁵³, where doubles have gaps, as the double is written.
    static func numberText(_ value: Double) -> String {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.isFinite ? "\(value)" : "null"
    }

    /// RFC 8259 §7. What moves a terminal (C0, DEL and C1) is escaped too, so that the line is safe to show.
    private static func append(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
