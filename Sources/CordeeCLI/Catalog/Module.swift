/// A module of the daemon as commands: `cordee MODULE METHOD`.
struct Module: Sendable {
    /// A method as a command.
    struct Command: Sendable {
        /// The method's whole name in kebab case; the service's name goes before it when two services of the module
        /// have a method of that name: "health.check".
        let name: String
        /// The name without the module's main noun, when nothing else is called so.
        let short: String?
        let method: MethodType

        /// The shortest name.
        var shown: String { short ?? name }
    }

    let name: String
    let comment: Comment
    let commands: [Command]

    init(name: String, services: [ServiceType], in catalog: Catalog) {
        self.name = name
        comment = services.first?.comment ?? .none
        let methods = services.flatMap(\.methods)
        var uses: [String: Int] = [:]
        for method in methods { uses[method.name, default: 0] += 1 }
        let names = methods.map { method in
            let kebab = Naming.kebab(method.name)
            guard uses[method.name, default: 0] > 1 else { return kebab }
            return "\(Naming.kebab(Naming.lastPart(of: method.service))).\(kebab)"
        }
        let nouns = Self.mainNouns(module: name, methods: methods, in: catalog)
        let shorts = names.map { Self.shortened($0, nouns: nouns) }
        var shortUses: [String: Int] = [:]
        for short in shorts.compactMap(\.self) { shortUses[short, default: 0] += 1 }
        commands = methods.indices.map { index in
            let short = shorts[index].flatMap { shortUses[$0] == 1 && !names.contains($0) ? $0 : nil }
            return Command(name: names[index], short: short, method: methods[index])
        }
    }

    func command(named name: String) -> Command? { commands.first { $0.name == name || $0.short == name } }

    /// Plural and singular of the module's main resource: the one whose List method is named as the module.
    private static func mainNouns(module: String, methods: [MethodType], in catalog: Catalog) -> [String] {
        guard let list = methods.first(where: { Naming.kebab($0.name) == "list-\(module)" }) else { return [] }
        let listed = catalog.message(list.output)?.fields.first { $0.isRepeated && catalog.message(of: $0) != nil }
        let resource = listed.flatMap { catalog.message(of: $0) }
        return [module] + (resource.map { [Naming.kebab($0.simpleName)] } ?? [])
    }

    private static func shortened(_ name: String, nouns: [String]) -> String? {
        for noun in nouns where name.hasSuffix("-\(noun)") { return String(name.dropLast(noun.count + 1)) }
        return nil
    }
}
