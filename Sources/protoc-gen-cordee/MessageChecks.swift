import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The body of `validate`: the checks of each field, in the order of the proto file.
struct MessageChecks {
    private let message: Descriptor
    private let schema: Schema
    private let namer: SwiftProtobufNamer
    private let isChanged: Bool

    init(_ message: Descriptor, _ schema: Schema, isChanged: Bool) {
        (self.message, self.schema, self.isChanged) = (message, schema, isChanged)
        namer = schema.namer(for: message.file)
    }

    func print(_ printer: inout CodePrinter) throws {
        for field in message.fields where !field.options.CordeeAPI_rules.outputOnly {
            try FieldRulesCheck.check(field)
            if field === message.changedResource {
                printChange(field, &printer)
            } else if field.isMap {
                try printMap(field, &printer)
            } else if field.isRepeated {
                try printRepeated(field, &printer)
            } else {
                try printSingular(field, &printer)
            }
        }
    }

    private func printSingular(_ field: FieldDescriptor, _ printer: inout CodePrinter) throws {
        let rules = field.options.CordeeAPI_rules
        if let oneof = field.realContainingOneof {
            let checks = try ValueChecks(field, schema).lines(field.name.literal, "value")
            guard !checks.isEmpty else { return }
            let choice = namer.messagePropertyName(oneof: oneof).name
            return printer.block("if case .\(names(field).name)(let value) = self.\(choice)") { printer in
                checks.forEach { printer.print($0) }
            }
        }
        let checks = try ValueChecks(field, schema).lines(field.name.literal, "self.\(names(field).name)")
        if rules.required {
            printRequired(field, checks, &printer)
        } else if checks.isEmpty || field.type == .enum {
            checks.forEach { printer.print($0) }
        } else {
            printer.block("if \(isSet(field))") { printer in checks.forEach { printer.print($0) } }
        }
    }

    private func printRepeated(_ field: FieldDescriptor, _ printer: inout CodePrinter) throws {
        var checks = itemsCheck(field)
        let path = "\"\(field.name)[\\(index)]\""
        let inner = try ValueChecks(field, schema).lines(path, "value", index: "index")
        if !inner.isEmpty {
            let loop = "for (index, value) in self.\(names(field).name).enumerated() {"
            checks += [loop] + inner.map { "    " + $0 } + ["}"]
        }
        printCollection(field, checks, &printer)
    }

    private func printMap(_ field: FieldDescriptor, _ printer: inout CodePrinter) throws {
        guard let (key, value) = field.messageType.mapKeyAndValue else { return }
        var checks = itemsCheck(field)
        let path = "Violations.entry(\(field.name.literal), key)"
        let rules = field.options.CordeeAPI_rules
        let keys = rules.format == .unspecified ? [] : ["violations.format(\(path), key, .\(rules.format.swiftName))"]
        let values = try ValueChecks(value, schema, rules: rules.ofMapValues).lines(path, "value")
        if !keys.isEmpty || !values.isEmpty {
            // Dictionaries have another order each time; answers do not.
            let order = key.type == .bool ? "" : ".sorted(by: { $0.key < $1.key })"
            let loop = "for (\(keys.isEmpty && values.isEmpty ? "_" : "key"), \(values.isEmpty ? "_" : "value")) in"
            checks += ["\(loop) self.\(names(field).name)\(order) {"] + (keys + values).map { "    " + $0 } + ["}"]
        }
        printCollection(field, checks, &printer)
    }

    private func printCollection(_ field: FieldDescriptor, _ checks: [String], _ printer: inout CodePrinter) {
        if field.options.CordeeAPI_rules.required {
            printRequired(field, checks, &printer)
        } else {
            checks.forEach { printer.print($0) }
        }
    }

    /// The resource of a change: named, and checked in the fields that the mask names.
    private func printChange(_ field: FieldDescriptor, _ printer: inout CodePrinter) {
        let (property, type) = ("self.\(names(field).name)", field.messageType.options.CordeeAPI_resource)
        let mask = message.fields.first { $0.name == "update_mask" }.map { "self.\(names($0).name)" } ?? "nil"
        printer.block("if violations.require(\(field.name.literal), self.\(names(field).has))") { printer in
            printer.print(
                "violations.within(\(field.name.literal)) { violations in",
                "    if violations.require(\"name\", !\(property).name.isEmpty) {",
                "        violations.resource(\"name\", \(property).name, \(type.pattern.literal))", "    }",
                "    \(property).validate(&violations, changing: \(mask))", "}")
        }
        let fields = field.messageType.fields.map(\.name.literal).joined(separator: ", ")
        printer.print("violations.mask(\"update_mask\", \(mask), of: [\(fields)])")
    }

    private func printRequired(_ field: FieldDescriptor, _ checks: [String], _ printer: inout CodePrinter) {
        let needed = isChanged ? ", if: mask?.names(\(field.name.literal)) ?? true" : ""
        let check = "violations.require(\(field.name.literal), \(isSet(field))\(needed))"
        if checks.isEmpty {
            printer.print(check)
        } else {
            printer.block("if \(check)") { printer in checks.forEach { printer.print($0) } }
        }
    }

    private func itemsCheck(_ field: FieldDescriptor) -> [String] {
        let max = field.options.CordeeAPI_rules.itemsMax
        return max == 0 ? [] : ["violations.items(\(field.name.literal), self.\(names(field).name).count, max: \(max))"]
    }

    private func isSet(_ field: FieldDescriptor) -> String {
        let (name, has) = ("self.\(names(field).name)", "self.\(names(field).has)")
        let isText = field.type == .string || field.type == .bytes
        if field.isRepeated || (isText && !field.hasPresence) { return "!\(name).isEmpty" }
        if isText { return "\(has) && !\(name).isEmpty" }
        if field.hasPresence { return has }
        return field.type == .enum ? "\(name).rawValue != 0" : "\(name) != 0"
    }

    private func names(_ field: FieldDescriptor) -> SwiftProtobufNamer.MessageFieldNames {
        namer.messagePropertyNames(field: field, prefixed: "", includeHasAndClear: true)
    }
}
