import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Which resource a request is about: what the daemon looks at to decide whether the caller may.
///
/// The first that there is: `name`, `parent`, the name of a resource in it (an update), `scope`, a field that names a
/// resource by its rules. `scope` comes before such a field: who is given a role is not what it is held over.
struct RequestResource {
    /// The body of a closure that takes the request.
    let expression: String

    init(_ request: Descriptor, _ namer: SwiftProtobufNamer) {
        let singular = request.fields.filter { !$0.isRepeated && $0.realContainingOneof == nil }
        let texts = singular.filter { $0.type == .string }
        func property(_ field: FieldDescriptor) -> String {
            namer.messagePropertyNames(field: field, prefixed: "", includeHasAndClear: false).name
        }
        func text(named name: String) -> FieldDescriptor? { texts.first { $0.name == name } }
        let update = singular.first { $0.messageType.map { !$0.options.CordeeAPI_resource.pattern.isEmpty } ?? false }
        let direct = text(named: "name") ?? text(named: "parent")
        let named = text(named: "scope") ?? texts.first { !$0.options.CordeeAPI_rules.resource.isEmpty }
        expression =
            if let direct {
                "$0.\(property(direct))"
            } else if let update {
                "$0.\(property(update)).name"
            } else if let named {
                "$0.\(property(named))"
            } else {
                "_ in \"\""
            }
    }
}
