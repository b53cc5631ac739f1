import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// protoc-gen-cordee: what Cordée's proto files say beyond their messages, as Swift.
///
/// For each file: typed methods, a protocol for each service, the checks of its messages, the names of its resources.
/// For each target: short names of all its messages, and the descriptors of all its files. It is a pure function of what protoc hands it.
@main
struct CordeePlugin: CodeGenerator {
    var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] { [.proto3Optional] }

    var customOptionExtensions: [any AnyMessageExtension] {
        [
            CordeeAPI_Extensions_access, CordeeAPI_Extensions_personal, CordeeAPI_Extensions_handling,
            CordeeAPI_Extensions_resource, CordeeAPI_Extensions_rules, CordeeAPI_Extensions_module,
        ]
    }

    func generate(
        files: [FileDescriptor], parameter: any CodeGeneratorParameter, protoCompilerContext: any ProtoCompilerContext,
        generatorOutputs outputs: any GeneratorOutputs
    ) throws {
        let parameters = try Parameters(parameter)
        let schema = try Schema(files: files, mappings: parameters.mappings())
        for file in files where parameters.isGenerated(file) {
            let stem = file.name.split(separator: "/").last.map { String($0.dropLast(".proto".count)) } ?? file.name
            let contents = [
                ("service", try ServiceFile(file, schema).contents()),
                ("validation", try ValidationFile(file, schema).contents()),
                ("names", try NamesFile(file, schema).contents()),
            ]
            for case (let kind, let text?) in contents {
                try outputs.add(fileName: "\(stem).\(kind).swift", contents: text)
            }
        }
        try outputs.add(
            fileName: "Messages.swift",
            contents: MessagesFile(
                module: parameters.module, files: files.filter(parameters.isGenerated), schema: schema
            ).contents())
        try outputs.add(
            fileName: "Descriptors.swift",
            contents: DescriptorsFile(module: parameters.module, files: files.filter(parameters.isCarried)).contents())
    }
}
