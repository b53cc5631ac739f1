public import ModuleKit
import RPC

/// The modules of a daemon, in the order in which they start: each after what it requires.
public struct ModuleRegistry: Sendable {
    /// Those that serve.
    public let modules: [any DomainModule]
    /// Those and the ones that are turned off, whose tables stay: their migrations are run, and what concerns data kept
    /// in the database (copies, export, erasure, retention) goes on.
    public let installed: [any DomainModule]
    /// The names of those that are turned off.
    public let disabled: Set<String>
    /// The names of those that are gone, whose tables may stay.
    public let retired: Set<String>

    /// - Parameters:
    ///   - disabled: the names of modules to turn off.
    ///   - retired: the names of modules that are no longer there.
    /// - Throws: an error that names the modules of a cycle, a missing one, one that requires one which is turned off, or
    ///   a name that is taken, ill-formed or means none.
    public init(
        _ modules: [any DomainModule], disabled: Set<String> = [], retired: Set<String> = []
    ) throws(RegistryError) {
        var byName: [String: any DomainModule] = [:]
        for module in modules {
            guard Self.isName(module.name) else { throw .badName(module.name) }
            guard byName.updateValue(module, forKey: module.name) == nil else { throw .duplicate(module.name) }
        }
        var ordered: [any DomainModule] = []
        var done: Set<String> = []

        func visit(_ module: any DomainModule, path: [String]) throws(RegistryError) {
            guard !done.contains(module.name) else { return }
            if let start = path.firstIndex(of: module.name) { throw .cycle(Array(path[start...]) + [module.name]) }
            for name in module.requires {
                guard let required = byName[name] else { throw .missing(name, requiredBy: module.name) }
                try visit(required, path: path + [module.name])
                if disabled.contains(name) && !disabled.contains(module.name) {
                    throw .disabled(name, requiredBy: module.name)
                }
            }
            done.insert(module.name)
            ordered.append(module)
        }
        for module in modules { try visit(module, path: []) }
        if let unknown = disabled.sorted().first(where: { byName[$0] == nil }) { throw .unknownDisabled(unknown) }
        if let present = retired.sorted().first(where: { byName[$0] != nil }) { throw .retiredIsThere(present) }
        installed = ordered
        self.modules = ordered.filter { !disabled.contains($0.name) }
        (self.disabled, self.retired) = (disabled, retired)
    }

    /// What the modules that hold data of people do for one person, those that are turned off too.
    var keepers: [ModuleKeeper] { installed.compactMap(ModuleKeeper.init) }

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
}

/// Why the modules of a daemon do not fit together.
public enum RegistryError: Error, Equatable, CustomStringConvertible {
    case badName(String)
    case duplicate(String)
    case cycle([String])
    case missing(String, requiredBy: String)
    case disabled(String, requiredBy: String)
    case unknownDisabled(String)
    case retiredIsThere(String)
    case badDescriptors(String)
    case withoutAccess(method: String)
    case unknownMethod(String, module: String)
    case personalUnnamed(method: String)
    case personalUnsaid(method: String)
    case withoutRecord(resource: String, module: String)

    public var description: String {
        switch self {
        case .badName(let name): "the module name \(name.debugDescription) is not [a-z][a-z0-9]*"
        case .duplicate(let name): "two modules are called \(name)"
        case .cycle(let names): "modules require each other: \(names.joined(separator: " → "))"
        case .missing(let name, let by): "the module \(by) requires the module \(name), which is not there"
        case .disabled(let name, let by):
            "modules.disabled: the module \(by) requires the module \(name), which is turned off; turn off both or none"
        case .unknownDisabled(let name): "modules.disabled: there is no module \(name)"
        case .retiredIsThere(let name): "modules.retired: the module \(name) is part of this daemon"
        case .withoutRecord(let resource, let module):
            "the module \(module) does not say whose \(resource) is: it is missing in its resources"
        case .badDescriptors(let source): "the descriptors \(source) cannot be read"
        case .withoutAccess(let method): "\(method) has no (cordee.api.v1.access): nobody could be let in"
        case .personalUnnamed(let method):
            "\(method) shows other people's data, and no field of its answer names a person: nobody could be told"
        case .personalUnsaid(let method): "\(method) shows people and has no (cordee.api.v1.personal)"
        case .unknownMethod(let method, let module): "the module \(module) serves \(method), which its protos lack"
        }
    }
}
