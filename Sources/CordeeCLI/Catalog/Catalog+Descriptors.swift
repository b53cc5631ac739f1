import CordeeAPI
import SwiftProtobuf

extension Catalog {
    /// Reads the daemon's descriptors. Odd ones (a type that is nowhere, two of one name) are kept as they are: the
    /// first of a name counts, and an unknown type is shown as plain JSON.
    init(_ files: [Google_Protobuf_FileDescriptorProto]) {
        var reader = DescriptorReader()
        for file in files { reader.read(file) }
        self.init(services: reader.services, messages: reader.messages, enumerations: reader.enumerations)
    }
}

/// Walks descriptor files once and keeps what the client needs.
private struct DescriptorReader {
    var services: [ServiceType] = []
    var messages: [String: MessageType] = [:]
    var enumerations: [String: EnumType] = [:]
    private var comments: [[Int32]: Comment] = [:]

    mutating func read(_ file: Google_Protobuf_FileDescriptorProto) {
        comments = [:]
        for location in file.sourceCodeInfo.location where location.hasLeadingComments {
            comments[location.path] = Comment(location.leadingComments)
        }
        let package = file.package.isEmpty ? "" : file.package + "."
        // The numbers are those of descriptor.proto: a location's path is made of field numbers and indices.
        for (index, message) in file.messageType.enumerated() { read(message, in: package, at: [4, Int32(index)]) }
        for (index, type) in file.enumType.enumerated() { read(type, in: package, at: [5, Int32(index)]) }
        for (index, service) in file.service.enumerated() {
            read(service, in: package, module: file.options.CordeeAPI_module, at: [6, Int32(index)])
        }
    }

    private func comment(at path: [Int32]) -> Comment { comments[path] ?? .none }

    private mutating func read(
        _ service: Google_Protobuf_ServiceDescriptorProto, in package: String, module: String, at path: [Int32]
    ) {
        let fullName = package + service.name
        let methods = service.method.enumerated().map { index, method in
            MethodType(
                service: fullName, name: method.name,
                input: Naming.withoutDot(method.inputType), output: Naming.withoutDot(method.outputType),
                isReadOnly: method.options.idempotencyLevel == .noSideEffects,
                sendsMany: method.clientStreaming, answersMany: method.serverStreaming,
                permissions: method.options.CordeeAPI_access.allow.map {
                    MethodType.Permission(role: $0.role, scope: $0.over)
                },
                comment: comment(at: path + [2, Int32(index)]))
        }
        guard !services.contains(where: { $0.fullName == fullName }) else { return }
        services.append(
            ServiceType(fullName: fullName, module: module, methods: methods, comment: comment(at: path)))
    }

    private mutating func read(_ type: Google_Protobuf_EnumDescriptorProto, in scope: String, at path: [Int32]) {
        let values = type.value.enumerated().map { index, value in
            EnumType.Value(name: value.name, number: value.number, comment: comment(at: path + [2, Int32(index)]))
        }
        let fullName = scope + type.name
        guard enumerations[fullName] == nil else { return }
        enumerations[fullName] = EnumType(fullName: fullName, values: values, comment: comment(at: path))
    }

    private mutating func read(_ message: Google_Protobuf_DescriptorProto, in scope: String, at path: [Int32]) {
        let fullName = scope + message.name
        let inner = fullName + "."
        for (index, nested) in message.nestedType.enumerated() {
            read(nested, in: inner, at: path + [3, Int32(index)])
        }
        for (index, type) in message.enumType.enumerated() { read(type, in: inner, at: path + [4, Int32(index)]) }
        let fields = message.field.enumerated().map { index, field in
            read(field, of: message, named: fullName, comment: comment(at: path + [2, Int32(index)]))
        }
        var resource: MessageType.Resource?
        if message.options.hasCordeeAPI_resource {
            let said = message.options.CordeeAPI_resource
            resource = MessageType.Resource(columns: said.columns, hasName: !said.pattern.isEmpty)
        }
        guard messages[fullName] == nil else { return }
        messages[fullName] = MessageType(
            fullName: fullName, fields: fields.sorted { $0.number < $1.number }, comment: comment(at: path),
            resource: resource)
    }

    private func read(
        _ field: Google_Protobuf_FieldDescriptorProto, of message: Google_Protobuf_DescriptorProto,
        named fullName: String,
        comment: Comment
    ) -> Field {
        let isRepeated = field.label == .repeated
        let type = Naming.withoutDot(field.typeName)
        let entry = message.nestedType.first { $0.options.mapEntry && "\(fullName).\($0.name)" == type }
        var kind = kind(of: field)
        if isRepeated, let value = entry?.field.first(where: { $0.number == 2 }) {
            kind = .map(value: self.kind(of: value))
        }
        let rules = field.options.CordeeAPI_rules
        return Field(
            name: field.name, jsonName: field.jsonName.isEmpty ? Naming.camel(field.name) : field.jsonName,
            number: field.number, kind: kind, isRepeated: isRepeated && entry == nil,
            hasPresence: field.proto3Optional || field.hasOneofIndex || field.type == .message,
            rules: Field.Rules(
                isRequired: rules.required, isOutputOnly: rules.outputOnly,
                isLocalizedText: rules.format == .localizedText),
            comment: comment)
    }

    private func kind(of field: Google_Protobuf_FieldDescriptorProto) -> Field.Kind {
        switch field.type {
        case .string: .string
        case .bytes: .bytes
        case .bool: .bool
        case .int32, .sint32, .sfixed32: .int32
        case .int64, .sint64, .sfixed64: .int64
        case .uint32, .fixed32: .uint32
        case .uint64, .fixed64: .uint64
        case .double, .float: .double
        case .enum: .enumeration(Naming.withoutDot(field.typeName))
        case .message, .group: .message(Naming.withoutDot(field.typeName))
        }
    }
}
