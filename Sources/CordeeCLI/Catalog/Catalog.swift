/// All that the daemon serves, by name: what the client knows of messages and methods, it knows from here.
///
/// Types refer to one another by name only, so a message that contains itself is no cycle here; whoever follows
/// names bounds the steps.
struct Catalog: Sendable {
    /// In the order of the daemon's files.
    let services: [ServiceType]
    let messages: [String: MessageType]
    let enumerations: [String: EnumType]

    /// The modules in the order of the daemon's files.
    var modules: [Module] {
        var names: [String] = []
        for service in services where !service.module.isEmpty && !names.contains(service.module) {
            names.append(service.module)
        }
        return names.map { name in Module(name: name, services: services.filter { $0.module == name }, in: self) }
    }

    /// A message by its full name; nil for one that the daemon did not describe.
    func message(_ fullName: String) -> MessageType? { messages[fullName] }

    /// The message that a field holds, if it is described and JSON writes it as an object of its fields: an instant, for
    /// one, is written as a text.
    func message(of field: Field) -> MessageType? {
        guard case .message(let name) = field.kind, !Self.plainInJSON.contains(name) else { return nil }
        return messages[name]
    }

    /// protobuf.dev, "ProtoJSON Format": messages with a form of their own.
    private static let plainInJSON = Set(
        [
            "Any", "Timestamp", "Duration", "Struct", "Value", "ListValue", "FieldMask", "StringValue", "BytesValue",
            "BoolValue", "Int32Value", "Int64Value", "UInt32Value", "UInt64Value", "DoubleValue", "FloatValue",
        ].map { "google.protobuf." + $0 })

    /// The enum of a kind, if it is described.
    func enumeration(of kind: Field.Kind) -> EnumType? {
        guard case .enumeration(let name) = kind else { return nil }
        return enumerations[name]
    }

    /// A method by "SERVICE/METHOD"; the service's name may lack its package when one service alone is called so.
    func method(_ path: String) -> MethodType? {
        guard let slash = path.lastIndex(where: { $0 == "/" || $0 == "." }) else { return nil }
        let (service, name) = (path[..<slash], path[path.index(after: slash)...])
        let named = services.filter { $0.fullName == service }
        let found = named.isEmpty ? services.filter { $0.simpleName == service } : named
        guard found.count == 1 else { return nil }
        return found[0].methods.first { $0.name == name || Naming.kebab($0.name) == name }
    }
}
