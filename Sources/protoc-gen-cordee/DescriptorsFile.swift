import FoundationEssentials
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// `Descriptors.swift`: the descriptors of a module's files, with their comments, as one literal.
struct DescriptorsFile {
    let module: String
    let files: [FileDescriptor]

    func contents() throws -> String {
        let set = Google_Protobuf_FileDescriptorSet.with { $0.file = inOrder().map(\.carried) }
        let base64 = try (set.serializedBytes() as Data).base64EncodedString()
        var printer = CodePrinter(
            source: "the files below", imports: module == "CordeeAPI" ? [] : ["public import CordeeAPI"])
        printer.print("/// The descriptors of:")
        for file in inOrder() { printer.print("/// - \(file.name)") }
        printer.block("public enum \(module)Descriptors: DescriptorSource") { printer in
            printer.print("public static let base64: StaticString = \"\"\"")
            printer.indent()
            var rest = base64[...]
            while !rest.isEmpty {
                printer.print(String(rest.prefix(108)) + "\\")
                rest = rest.dropFirst(108)
            }
            printer.print("", "\"\"\"")
            printer.outdent()
        }
        return printer.content
    }

    /// Each file after those that it imports.
    private func inOrder() -> [FileDescriptor] {
        var ordered: [FileDescriptor] = []
        func visit(_ file: FileDescriptor) {
            guard !ordered.contains(where: { $0 === file }) else { return }
            file.dependencies.forEach(visit)
            if files.contains(where: { $0 === file }) { ordered.append(file) }
        }
        files.sorted { $0.name < $1.name }.forEach(visit)
        return ordered
    }
}

extension FileDescriptor {
    /// The descriptor with what readers need of its source: comments, without the lines that they stand on.
    ///
    /// Comments of protobuf's own files are left out: they are long and known.
    fileprivate var carried: Google_Protobuf_FileDescriptorProto {
        var options = ExtractProtoOptions()
        options.includeSourceCodeInfo = !name.hasPrefix("google/protobuf/")
        var proto = extractProto(options: options)
        guard proto.hasSourceCodeInfo else { return proto }
        proto.sourceCodeInfo.location = proto.sourceCodeInfo.location.compactMap { location in
            guard location.hasLeadingComments || location.hasTrailingComments else { return nil }
            var location = location
            location.span = []
            location.leadingDetachedComments = []
            return location
        }
        return proto
    }
}
