import SwiftProtobufPluginLibrary

/// What `--cordee_opt` says.
struct Parameters {
    /// `Module=`: the Swift module that the generated files are compiled in.
    private(set) var module = ""
    /// `Files=`: code is generated for files whose paths begin so; the others only tell of their resources.
    /// Several beginnings are joined by "+".
    private var generated: [String] = []
    /// `Carry=`: descriptors of files whose paths begin so are carried too.
    private var carried: [String] = []
    /// `ProtoPathModuleMappings=`: which file is in which module, as protoc-gen-swift takes it.
    private var mappingsPath: String?

    init(_ parameter: any CodeGeneratorParameter) throws {
        for (key, value) in parameter.parsedPairs {
            switch key {
            case "Module": module = value
            case "Files": generated = value.split(separator: "+").map(String.init)
            case "Carry": carried = value.split(separator: "+").map(String.init)
            case "ProtoPathModuleMappings": mappingsPath = value
            default: throw GenerationError("--cordee_opt", "unknown option \"\(key)\"")
            }
        }
        if module.isEmpty { throw GenerationError("--cordee_opt", "Module=… is missing") }
        if generated.isEmpty { throw GenerationError("--cordee_opt", "Files=… is missing") }
    }

    func isGenerated(_ file: FileDescriptor) -> Bool { generated.contains { file.name.hasPrefix($0) } }

    func isCarried(_ file: FileDescriptor) -> Bool {
        isGenerated(file) || carried.contains { file.name.hasPrefix($0) }
    }

    func mappings() throws -> ProtoFileToModuleMappings {
        guard let mappingsPath else { return ProtoFileToModuleMappings() }
        return try ProtoFileToModuleMappings(path: mappingsPath)
    }
}
