import SwiftProtobufPluginLibrary

/// `<file>.names.swift`: a type for the name of each resource.
struct NamesFile {
    private let file: FileDescriptor
    private let schema: Schema

    init(_ file: FileDescriptor, _ schema: Schema) { (self.file, self.schema) = (file, schema) }

    /// Nil for a file without named resources.
    func contents() throws -> String? {
        let types = try file.messages.compactMap { try ResourceType($0) }.filter { !$0.pattern.isEmpty }
        guard !types.isEmpty else { return nil }
        let imports =
            schema.module(of: file) == "CordeeAPI"
            ? ["import SwiftProtobuf"] : ["public import CordeeAPI", "import SwiftProtobuf"]
        var printer = CodePrinter(source: file.name, imports: imports)
        for (index, type) in types.enumerated() {
            if index > 0 { printer.print() }
            printName(of: type, &printer)
        }
        return printer.content
    }

    private func printName(of type: ResourceType, _ printer: inout CodePrinter) {
        let variables = type.parts.map(\.variable)
        printer.print("/// The name of a resource `\(type.type)`: \(type.pattern.literal).")
        printer.block("public struct \(type.name)Name: ResourceName") { printer in
            printer.print("public static let pattern: ResourcePattern = \(type.pattern.literal)")
            printVisibility(of: type, &printer)
            for variable in variables { printer.print("public var \(variable.escaped): String") }
            printer.print("", "/// The ids are not looked at: they come from a name that was read, or from the daemon.")
            let list = variables.map { "\($0): String" }.joined(separator: ", ")
            printer.block("public init(\(list))") { printer in
                for variable in variables { printer.print("self.\(variable) = \(variable.escaped)") }
            }
            printer.print()
            printParser(of: type, &printer)
            printer.print()
            let text = type.parts.map { "\($0.collection)/\\(\($0.variable.escaped))" }.joined(separator: "/")
            printer.print("public var description: String { \"\(text)\" }")
            if let parent = parent(of: type) {
                let ids = variables.dropLast().map { "\($0): \($0.escaped)" }.joined(separator: ", ")
                printer.print("", "/// The name of what the resource lies in.")
                printer.print("public var parent: \(parent) { \(parent)(\(ids)) }")
            }
        }
    }

    private func printVisibility(of type: ResourceType, _ printer: inout CodePrinter) {
        printer.block("public static let visible = CordeeAPI_Access.with") { printer in
            printer.print("$0.allow = [")
            printer.indent()
            for permission in type.visible.allow {
                printer.print(".with { ($0.role, $0.over) = (.\(permission.role), .\(permission.over)) },")
            }
            printer.outdent()
            printer.print("]")
        }
        printer.print()
    }

    private func printParser(of type: ResourceType, _ printer: inout CodePrinter) {
        printer.block("public init?(_ text: String)") { printer in
            printer.print("var reader = ResourceNameReader(text)")
            let steps = type.parts.enumerated().map { index, part in
                let separator = index == 0 ? "" : "/"
                return "reader.skip(\"\(separator)\(part.collection)/\"), let \(part.variable.escaped) = reader.id()"
            }
            printer.print("guard \(steps.joined(separator: ",\n    ")),", "    reader.isAtEnd", "else { return nil }")
            let ids = type.parts.map { "\($0.variable): \($0.variable.escaped)" }.joined(separator: ", ")
            printer.print("self.init(\(ids))")
        }
    }

    /// The name's type of what a resource lies in, if it is known here: the board, or a resource of the same module.
    private func parent(of type: ResourceType) -> String? {
        guard let pattern = type.parentPattern else { return nil }
        if pattern == "boards/{board}" { return "BoardName" }
        let parent = schema.resources.values.first {
            $0.pattern == pattern && schema.module(of: $0.file) == schema.module(of: file)
        }
        return parent.map { "\($0.name)Name" }
    }
}
