import SwiftProtobufPluginLibrary

/// `<file>.service.swift`: for each service its typed methods, the protocol of its handlers, and their bindings.
struct ServiceFile {
    private let file: FileDescriptor
    private let schema: Schema
    private let namer: SwiftProtobufNamer

    init(_ file: FileDescriptor, _ schema: Schema) {
        (self.file, self.schema, namer) = (file, schema, schema.namer(for: file))
    }

    /// Nil for a file without services.
    func contents() throws -> String? {
        guard !file.services.isEmpty else { return nil }
        var printer = CodePrinter(source: file.name, imports: imports)
        for (index, service) in file.services.enumerated() {
            for method in service.methods { try check(method) }
            if index > 0 { printer.print() }
            printMethods(of: service, &printer)
            printer.print()
            printProtocol(of: service, &printer)
            printer.print()
            printBindings(of: service, &printer)
        }
        return printer.content
    }

    private var imports: [String] {
        let own = schema.module(of: file)
        let messages = file.services.flatMap(\.methods).flatMap { [$0.inputType, $0.outputType].compactMap(\.self) }
        let modules = messages.compactMap { schema.module(of: $0.file) }.filter { $0 != own }
        return Set(modules + ["RPC"]).sorted().map { "public import \($0)" }
    }

    private func check(_ method: MethodDescriptor) throws {
        if method.options.CordeeAPI_access.allow.isEmpty {
            throw GenerationError(method.fullName, "(cordee.api.v1.access) does not say who may call it")
        }
        if schema.module(of: method.inputType.file) != schema.module(of: file) {
            throw GenerationError(
                method.fullName,
                "its request \(method.inputType.fullName) belongs to another module: declare one of its own")
        }
    }

    private func printMethods(of service: ServiceDescriptor, _ printer: inout CodePrinter) {
        printer.print("/// The methods of `\(service.fullName)`, as clients and servers call them.")
        printer.block("public enum \(service.name)Methods") { printer in
            for (index, method) in service.methods.enumerated() {
                if index > 0 { printer.print() }
                printer.documentation(method.protoSourceComments())
                printer.print(
                    "public static let \(method.swiftName) = Method<\(types(method).input), \(types(method).output)>(")
                printer.indent()
                printer.print(
                    "service: \(service.fullName.literal), name: \(method.name.literal), isReadOnly: \(method.isReadOnly),",
                    "resourceName: { \(RequestResource(method.inputType, namer).expression) })")
                printer.outdent()
            }
        }
    }

    private func printProtocol(of service: ServiceDescriptor, _ printer: inout CodePrinter) {
        printer.documentation(service.protoSourceComments())
        printer.block("public protocol \(service.name)Service: Sendable") { printer in
            printer.print("/// What handlers are given beside the request.", "associatedtype Contexts: HandlerContexts")
            for method in service.methods {
                printer.print()
                printer.documentation(method.protoSourceComments())
                printHandler(of: method, &printer)
            }
        }
    }

    private func printHandler(of method: MethodDescriptor, _ printer: inout CodePrinter) {
        let (input, output) = types(method)
        var parameters = [
            method.clientStreaming ? "_ requests: RequestStream<\(input)>" : "_ request: \(input)",
            "_ call: Contexts.\(method.kind.context)",
        ]
        if method.serverStreaming { parameters.insert("_ responses: ResponseSender<\(output)>", at: 1) }
        let effects = method.kind.isAsync ? "async throws" : "throws"
        let result = method.serverStreaming ? "" : " -> \(output)"
        printer.print("func \(method.swiftName)(\(parameters.joined(separator: ", "))) \(effects)\(result)")
    }

    private func printBindings(of service: ServiceDescriptor, _ printer: inout CodePrinter) {
        printer.block("extension \(service.name)Service") { printer in
            printer.print("/// The handlers with their methods, in the order of the proto file.")
            printer.block("public var bindings: [MethodBinding<Contexts>]") { printer in
                printer.print("[")
                printer.indent()
                for method in service.methods {
                    let effects = method.kind.isAsync ? "try await" : "try"
                    let arguments = method.serverStreaming ? "$0, $1, $2" : "$0, $1"
                    printer.print(
                        ".\(method.kind)(\(service.name)Methods.\(method.swiftName)) {"
                            + " \(effects) self.\(method.swiftName)(\(arguments)) },")
                }
                printer.outdent()
                printer.print("]")
            }
        }
    }

    private func types(_ method: MethodDescriptor) -> (input: String, output: String) {
        (namer.fullName(message: method.inputType), namer.fullName(message: method.outputType))
    }
}
