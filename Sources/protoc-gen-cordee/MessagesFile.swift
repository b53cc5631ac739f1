import SwiftProtobufPluginLibrary

/// `Messages.swift`: the messages and enums of a target under their names in the proto files, so that a module writes
/// `typealias API = WorkshopsMessages` once, and `API.Registration` beside its own `Registration`.
struct MessagesFile {
    let module: String
    let files: [FileDescriptor]
    let schema: Schema

    func contents() throws -> String {
        var types: [String: String] = [:]
        for file in files {
            let namer = schema.namer(for: file)
            let own =
                file.messages.map { ($0.name, namer.fullName(message: $0)) }
                + file.enums.map { ($0.name, namer.fullName(enum: $0)) }
            for (name, type) in own where types.updateValue(type, forKey: name) != nil {
                throw GenerationError(file.name, "\(name) is declared in another file of \(module) too")
            }
        }
        let stem = module.hasSuffix("API") ? String(module.dropLast(3)) : module
        var printer = CodePrinter(source: "the files of \(module)", imports: [])
        printer.print("/// The messages and enums of \(module), under their names in the proto files.")
        printer.block("public enum \(stem)Messages") { printer in
            for (name, type) in types.sorted(by: { $0.key < $1.key }) {
                printer.print("public typealias \(name) = \(type)")
            }
        }
        return printer.content
    }
}
