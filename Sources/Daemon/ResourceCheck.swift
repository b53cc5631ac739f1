import CordeeAPI
import ModuleKit
import SwiftProtobuf

/// A kind of thing that has a name in a module's protos, and no record that says whose it is, could be shown to anybody:
/// such a module does not start.
enum ResourceCheck {
    /// - Throws: `RegistryError.withoutRecord` naming the resource and the module.
    static func run(_ modules: [any DomainModule]) throws(RegistryError) {
        for module in modules {
            let said = ResourceKinds(module.resources).patterns
            guard let files = try? module.descriptors.files() else { throw .badDescriptors(module.name) }
            // The daemon's own resources are SystemModule's, whoever carries their descriptors.
            let own = files.filter { !$0.package.hasPrefix("cordee.system.") }
            for resource in own.flatMap(\.messageType).map(\.options.CordeeAPI_resource) {
                guard resource.pattern.isEmpty || said.contains(resource.pattern) else {
                    throw .withoutRecord(resource: resource.type, module: module.name)
                }
            }
        }
    }
}
