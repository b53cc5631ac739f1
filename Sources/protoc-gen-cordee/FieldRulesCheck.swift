import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Rules that a field of its type cannot have stop the generation: they would be silently without effect.
enum FieldRulesCheck {
    static func check(_ field: FieldDescriptor) throws {
        let rules = field.options.CordeeAPI_rules
        let value = field.isMap ? field.messageType.mapKeyAndValue?.value ?? field : field
        let isText = value.type == .string
        try refuse(field, rules.lengthMax > 0 && !isText, "length_max", "strings")
        try refuse(field, !rules.resource.isEmpty && (!isText || field.isMap), "resource", "strings")
        try refuse(field, rules.format != .unspecified && !hasTextForm(field), "format", "strings and keys of maps")
        try refuse(field, rules.itemsMax > 0 && !field.isRepeated, "items_max", "repeated fields and maps")
        try refuse(field, rules.bytesMax > 0 && value.type != .bytes, "bytes_max", "bytes")
        try refuse(field, (rules.hasMinimum || rules.hasMaximum) && !isNumber(value), "minimum and maximum", "numbers")
        try refuse(
            field, rules.required && field.type == .bool && !field.isRepeated && !field.hasPresence,
            "required", "fields that can be empty")
        try refuse(field, rules.required && field.realContainingOneof != nil, "required", "fields outside of a oneof")
    }

    private static func refuse(_ field: FieldDescriptor, _ isWrong: Bool, _ rule: String, _ place: String) throws {
        if isWrong { throw GenerationError(field.fullName, "\(rule) is for \(place)") }
    }

    private static func hasTextForm(_ field: FieldDescriptor) -> Bool {
        field.isMap ? field.messageType.mapKeyAndValue?.key.type == .string : field.type == .string
    }

    private static func isNumber(_ field: FieldDescriptor) -> Bool {
        switch field.type {
        case .double, .float, .int32, .int64, .uint32, .uint64, .fixed32, .fixed64, .sfixed32, .sfixed64, .sint32,
            .sint64:
            true
        case .bool, .string, .group, .message, .bytes, .enum: false
        }
    }
}

extension CordeeAPI_FieldRules {
    /// What of a map's rules its values must fulfil; `format` is for its keys.
    var ofMapValues: CordeeAPI_FieldRules {
        var rules = self
        rules.format = .unspecified
        return rules
    }
}

extension CordeeAPI_Format {
    /// The case, as Swift code names it.
    var swiftName: String { "\(self)" }
}
