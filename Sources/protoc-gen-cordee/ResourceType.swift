import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// A message with `(cordee.api.v1.resource)`, its pattern taken apart.
struct ResourceType {
    /// "cordee.workshops.v1/Workshop".
    let type: String
    /// "boards/{board}/workshops/{workshop}"; empty for what is shown in tables and has no name.
    let pattern: String
    /// "Workshop".
    let name: String
    /// Collections and variables in turn: ("boards", "board"), ("workshops", "workshop").
    let parts: [(collection: String, variable: String)]
    /// Who may see such a thing.
    let visible: CordeeAPI_Access
    let file: FileDescriptor

    /// Nil for a message that is no resource.
    init?(_ message: Descriptor) throws {
        let resource = message.options.CordeeAPI_resource
        guard message.options.hasCordeeAPI_resource else { return nil }
        let expected = message.file.package + "/" + message.name
        guard resource.type == expected else {
            throw GenerationError(message.fullName, "its resource type is \"\(resource.type)\", not \"\(expected)\"")
        }
        type = resource.type
        pattern = resource.pattern
        name = message.name
        visible = resource.visible
        file = message.file
        parts = try Self.parts(of: pattern, at: message.fullName)
        if !pattern.isEmpty, visible.allow.isEmpty {
            throw GenerationError(message.fullName, "a resource with a pattern says who may see it: visible")
        }
        if !pattern.isEmpty, !message.fields.contains(where: { $0.name == "name" && $0.type == .string }) {
            throw GenerationError(message.fullName, "a resource has a field \"string name\" (AIP-122)")
        }
    }

    /// The pattern of what it lies in: "boards/{board}"; nil at the top.
    var parentPattern: String? {
        parts.count < 2 ? nil : pattern.split(separator: "/").dropLast(2).joined(separator: "/")
    }

    private static func parts(of pattern: String, at place: String) throws -> [(collection: String, variable: String)] {
        let segments = pattern.split(separator: "/", omittingEmptySubsequences: false)
        guard !pattern.isEmpty else { return [] }
        return try stride(from: 0, to: segments.count, by: 2).map { index in
            let variable = index + 1 < segments.count ? segments[index + 1] : ""
            guard variable.hasPrefix("{"), variable.hasSuffix("}"), variable.count > 2, !segments[index].isEmpty else {
                throw GenerationError(place, "\"\(pattern)\" is not made of collections and {variables} in turn")
            }
            return (String(segments[index]), String(variable.dropFirst().dropLast()).lowerCamelCase)
        }
    }
}
