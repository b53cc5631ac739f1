public import SwiftProtobuf

/// The descriptors of the files of one API target, with their comments; generated as `WorkshopsAPIDescriptors` and
/// its like.
///
/// Each target carries its own files alone. `CordeeAPIDescriptors` carries beside them, once for all, what they may
/// import: `google/protobuf/*` (without comments) and `google/rpc/*`. So all targets together are a complete set.
public protocol DescriptorSource: SendableMetatype {
    /// A FileDescriptorSet, encoded; a literal of text compiles a hundred times faster than one of bytes.
    static var base64: StaticString { get }
}

extension DescriptorSource {
    /// The files, each after those of the same target that it imports. Cordée's options are decoded.
    ///
    /// - Throws: what SwiftProtobuf throws of bytes that are no descriptors: never, of what was generated.
    public static func files() throws -> [Google_Protobuf_FileDescriptorProto] {
        let bytes = base64.withUTF8Buffer(Base64.decoded)
        let set = try Google_Protobuf_FileDescriptorSet(
            serializedBytes: bytes, extensions: CordeeAPI_Annotations_Extensions)
        return set.file
    }
}
