import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What is known of all files together, whichever of them code is generated for.
struct Schema {
    /// The patterns of resources by their types.
    private(set) var resources: [String: ResourceType] = [:]
    /// The full names of the messages that come in with requests.
    private(set) var requestMessages: Set<String> = []
    /// The full names of the resources that a request with an `update_mask` changes in part.
    private(set) var changedMessages: Set<String> = []
    private let mappings: ProtoFileToModuleMappings

    init(files: [FileDescriptor], mappings: ProtoFileToModuleMappings) throws {
        self.mappings = mappings
        for file in files {
            for message in file.messages { try add(message) }
            for method in file.services.flatMap(\.methods) { addRequest(method.inputType) }
        }
    }

    /// Names as they are written in code that stands beside the file.
    func namer(for file: FileDescriptor) -> SwiftProtobufNamer {
        SwiftProtobufNamer(currentFile: file, protoFileToModuleMappings: mappings)
    }

    /// The module of a file; nil if there are no mappings.
    func module(of file: FileDescriptor) -> String? { mappings.moduleName(forFile: file) }

    private mutating func add(_ message: Descriptor) throws {
        if let type = try ResourceType(message) {
            if resources.updateValue(type, forKey: type.type) != nil {
                throw GenerationError(message.fullName, "\(type.type) is declared twice")
            }
        }
        if let changed = message.changedResource { changedMessages.insert(changed.messageType.fullName) }
        for nested in message.messages { try add(nested) }
    }

    private mutating func addRequest(_ message: Descriptor) {
        guard message.file.package != "google.protobuf", requestMessages.insert(message.fullName).inserted else {
            return
        }
        for field in message.fields {
            guard let type = field.isMap ? field.messageType.mapKeyAndValue?.value.messageType : field.messageType
            else { continue }
            addRequest(type)
        }
    }
}

extension Descriptor {
    /// The field of a request that holds the resource to change, where an `update_mask` says in which fields (AIP-134).
    var changedResource: FieldDescriptor? {
        guard fields.contains(where: { $0.name == "update_mask" && $0.messageType?.wellKnownType == .fieldMask }) else {
            return nil
        }
        return fields.first {
            !$0.isRepeated && $0.messageType.map { !$0.options.CordeeAPI_resource.pattern.isEmpty } ?? false
        }
    }
}
