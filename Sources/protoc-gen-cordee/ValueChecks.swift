import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The checks of one value: of a singular field, of an element, or of a map's value.
struct ValueChecks {
    private let field: FieldDescriptor
    private let schema: Schema
    private let rules: CordeeAPI_FieldRules

    init(_ field: FieldDescriptor, _ schema: Schema, rules: CordeeAPI_FieldRules? = nil) {
        (self.field, self.schema) = (field, schema)
        self.rules = rules ?? field.options.CordeeAPI_rules
    }

    /// - Parameters:
    ///   - path: an expression that gives the path of the value.
    ///   - value: an expression that gives the value.
    ///   - index: the variable that counts elements, in a loop over them.
    func lines(_ path: String, _ value: String, index: String? = nil) throws -> [String] {
        switch field.type {
        case .string: try text(path, value)
        case .bytes: rules.bytesMax == 0 ? [] : ["violations.bytes(\(path), \(value).count, max: \(rules.bytesMax))"]
        case .enum:
            field.enumType.isClosed || field.enumType.file.package == "google.protobuf"
                ? []
                : [
                    "if case .UNRECOGNIZED(let number) = \(value) { violations.unknownValue(\(path), number) }"
                ]
        case .message, .group: message(path, value, index)
        case .bool: []
        case .double: range(path, value)
        case .float: range(path, "Double(\(value))")
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64, .uint32, .uint64, .fixed32, .fixed64:
            range(path, value)
        }
    }

    private func text(_ path: String, _ value: String) throws -> [String] {
        var lines: [String] = []
        if rules.lengthMax > 0 { lines.append("violations.length(\(path), \(value), max: \(rules.lengthMax))") }
        if rules.format != .unspecified {
            lines.append("violations.format(\(path), \(value), .\(rules.format.swiftName))")
        }
        if rules.resource == "*" {
            lines.append("violations.anyResource(\(path), \(value))")
        } else if !rules.resource.isEmpty {
            lines.append("violations.resource(\(path), \(value), \(try pattern().literal))")
        }
        return lines
    }

    private func pattern() throws -> String {
        guard let pattern = schema.resources[rules.resource]?.pattern, !pattern.isEmpty else {
            let known = schema.resources.values.filter { !$0.pattern.isEmpty }.map(\.type).sorted()
            throw GenerationError(
                field.fullName,
                "no resource \"\(rules.resource)\" with a pattern; there are \(known.joined(separator: ", "))")
        }
        return pattern
    }

    private func range(_ path: String, _ value: String) -> [String] {
        let minimum = rules.hasMinimum ? ", minimum: \(rules.minimum)" : ""
        let maximum = rules.hasMaximum ? ", maximum: \(rules.maximum)" : ""
        return minimum.isEmpty && maximum.isEmpty ? [] : ["violations.range(\(path), \(value)\(minimum)\(maximum))"]
    }

    private func message(_ path: String, _ value: String, _ index: String?) -> [String] {
        switch field.messageType.wellKnownType {
        case .timestamp?: return ["violations.timestamp(\(path), \(value))"]
        case .duration?: return ["violations.duration(\(path), \(value))"]
        default: break
        }
        guard schema.requestMessages.contains(field.messageType.fullName) else { return [] }
        let place = index.map { "\(field.name.literal), at: \($0)" } ?? path
        return ["violations.within(\(place)) { \(value).validate(&$0) }"]
    }
}
