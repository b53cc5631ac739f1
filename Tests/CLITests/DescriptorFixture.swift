import SwiftProtobuf
import CordeeAPI
import TestSupport

@testable import CordeeCLI

/// Descriptors of a module that the client has never seen, and of the daemon's own services.
///
/// Made in Tests/Fixtures/cli by:
/// `protoc -I . -I ../../../proto --include_imports --include_source_info --descriptor_set_out=cheeses.binpb
/// cordee/system/v1/system.proto cheeses.proto`
enum DescriptorFixture {
    /// The folder of this target's fixtures.
    static let folder = Fixture.path("cli")

    /// Read once for all tests: a debug build takes its time over them.
    private static let read = Result { () throws -> [Google_Protobuf_FileDescriptorProto] in
        let bytes = try ArgumentFiles.content(of: folder + "/cheeses.binpb")
        let set = try Google_Protobuf_FileDescriptorSet(
            serializedBytes: bytes, extensions: CordeeAPI_Annotations_Extensions)
        // The comments of descriptor.proto are most of the bytes, and no test reads them.
        return set.file.map { file in
            var file = file
            if file.name.hasPrefix("google/") { file.clearSourceCodeInfo() }
            return file
        }
    }
    private static let encoded = Result { () throws -> [UInt8] in
        let all = try files()
        return try CordeeSystem_GetDescriptorsResponse.with { $0.files = all }.serializedBytes()
    }
    private static let indexed = Result { () throws -> Catalog in Catalog(try files()) }

    static func files() throws -> [Google_Protobuf_FileDescriptorProto] { try read.get() }

    /// The files as the daemon sends them.
    static func answer() throws -> [UInt8] { try encoded.get() }

    static func catalog() throws -> Catalog { try indexed.get() }
}
