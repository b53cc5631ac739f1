import FoundationEssentials
import SwiftProtobuf
import SwiftProtobufPluginLibrary

@testable import protoc_gen_cordee

/// The example of `Tests/Fixtures/generator/lending.proto`, as protoc hands it to a plug-in.
struct LendingExample {
    /// May be changed before `generate`: the last file is the example's own.
    var files: [Google_Protobuf_FileDescriptorProto]
    var parameter = "Module=LendingAPI,Files=lending.proto"

    init() throws {
        var extensions = SimpleExtensionMap()
        extensions.insert(contentsOf: CordeePlugin().customOptionExtensions)
        let path = Self.tests.appending(path: "Fixtures/generator/lending.binpb")
        files = try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: path), extensions: extensions)
            .file
    }

    /// The folder `Tests`.
    static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// The method of the example's service with that name.
    mutating func change(method name: String, _ change: (inout Google_Protobuf_MethodDescriptorProto) -> Void) {
        for index in files[files.count - 1].service[0].method.indices
        where files[files.count - 1].service[0].method[index].name == name {
            change(&files[files.count - 1].service[0].method[index])
        }
    }

    /// Changes the options of a field.
    mutating func change(
        _ message: String, _ field: String, _ change: (inout Google_Protobuf_FieldOptions) -> Void
    ) {
        let last = files.count - 1
        for index in files[last].messageType.indices where files[last].messageType[index].name == message {
            for number in files[last].messageType[index].field.indices
            where files[last].messageType[index].field[number].name == field {
                change(&files[last].messageType[index].field[number].options)
            }
        }
    }

    func generate() -> Google_Protobuf_Compiler_CodeGeneratorResponse {
        let request = Google_Protobuf_Compiler_CodeGeneratorRequest.with {
            $0.protoFile = files
            $0.fileToGenerate = ["lending.proto"]
            $0.parameter = parameter
        }
        return generateCode(request: request, generator: CordeePlugin())
    }
}
