import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// `<file>.validation.swift`: the checks of each message that comes in with a request.
struct ValidationFile {
    private let file: FileDescriptor
    private let schema: Schema

    init(_ file: FileDescriptor, _ schema: Schema) { (self.file, self.schema) = (file, schema) }

    /// Nil for a file without such messages.
    func contents() throws -> String? {
        let messages = file.messages.flatMap(\.withNested).filter { schema.requestMessages.contains($0.fullName) }
        guard !messages.isEmpty else { return nil }
        var printer = CodePrinter(source: file.name, imports: imports(for: messages))
        for (index, message) in messages.enumerated() {
            if index > 0 { printer.print() }
            try printValidation(of: message, &printer)
        }
        return printer.content
    }

    private func imports(for messages: [Descriptor]) -> [String] {
        let isChanged = messages.contains { schema.changedMessages.contains($0.fullName) }
        let hasBytes = messages.flatMap(\.fields).contains { $0.type == .bytes }
        // The count of a `Data` is a member of the module that declares it.
        let data = [
            "#if canImport(FoundationEssentials)", "import FoundationEssentials", "#else", "import Foundation",
            "#endif",
        ]
        return (hasBytes ? data : []) + (schema.module(of: file) == "CordeeAPI" ? [] : ["import CordeeAPI"])
            + ["public import RPC"] + (isChanged ? ["public import SwiftProtobuf"] : [])
    }

    private func printValidation(of message: Descriptor, _ printer: inout CodePrinter) throws {
        let isChanged = schema.changedMessages.contains(message.fullName)
        let checks = MessageChecks(message, schema, isChanged: isChanged)
        let name = schema.namer(for: file).fullName(message: message)
        try printer.block("extension \(name): Validated") { printer in
            guard isChanged else {
                return try printer.block("public func validate(_ violations: inout Violations)") { printer in
                    try checks.print(&printer)
                }
            }
            printer.print(
                "public func validate(_ violations: inout Violations) { validate(&violations, changing: nil) }", "")
            printer.print(
                "/// - Parameter mask: the fields of a change: what is required must be set in these alone; nil for a whole."
            )
            let head = "public func validate(_ violations: inout Violations, changing mask: Google_Protobuf_FieldMask?)"
            try printer.block(head) { printer in try checks.print(&printer) }
        }
    }
}

extension Descriptor {
    /// The message and those declared in it, without the entries of maps.
    fileprivate var withNested: [Descriptor] { options.mapEntry ? [] : [self] + messages.flatMap(\.withNested) }
}
