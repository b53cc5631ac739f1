/// The flags of a method, from the fields of its request.
///
/// The fields of the one resource in a request (CreateX, UpdateX) are flags of their own, so that nobody writes JSON for
/// them; a field of the request itself goes before one of the resource of the same name.
struct FlagSet: Sendable {
    let flags: [Flag]
    /// What a bare argument sets: the name, or the parent, or the first required text.
    let argument: Flag?
    /// The field that says which fields of the resource change (AIP-134).
    let updateMask: Flag?

    init(_ method: MethodType, in catalog: Catalog) {
        let fields = catalog.message(method.input)?.fields ?? []
        let resource = Self.resource(among: fields, in: catalog)
        var flags = Self.flags(of: fields.filter { $0.name != resource?.field.name }, at: [], taken: [])
        if let resource {
            // A name is said even where the daemon makes it: a change has to say of what.
            let inner = resource.message.fields.filter { !$0.rules.isOutputOnly || $0.name == "name" }
            flags += Self.flags(of: inner, at: [resource.field.jsonName], taken: Set(flags.map(\.field.name)))
        }
        updateMask = flags.first { $0.field.kind == .message("google.protobuf.FieldMask") && !$0.isNested }
        argument = Self.argument(among: flags, changes: updateMask != nil)
        // Where the name is not the argument, the daemon makes it.
        let named = argument
        self.flags = flags.filter { !($0.isNested && $0.field.rules.isOutputOnly) || $0.path == named?.path }
    }

    /// The flag that is called so.
    func flag(named name: String) -> Flag? {
        flags.first { $0.name == name } ?? flags.first { $0.otherName == name }
    }

    /// The one resource in a request; none when there are several.
    private static func resource(
        among fields: [Field], in catalog: Catalog
    ) -> (field: Field, message: MessageType)? {
        let found = fields.compactMap { field -> (Field, MessageType)? in
            guard !field.isRepeated, let message = catalog.message(of: field), message.resource != nil else {
                return nil
            }
            return (field, message)
        }
        return found.count == 1 ? found[0] : nil
    }

    private static func flags(of fields: [Field], at path: [String], taken: Set<String>) -> [Flag] {
        let names = Set(fields.map(\.flagName)).union(taken.map { Naming.kebab($0) })
        return fields.filter { !taken.contains($0.name) }.map { field in
            let plain = GlobalOptions.isReserved(field.flagName) ? "field-\(field.flagName)" : field.flagName
            let singular = isSaidAgain(field) ? Naming.singular(plain) : nil
            guard let singular, !names.contains(singular), !GlobalOptions.isReserved(singular) else {
                return Flag(name: plain, otherName: nil, field: field, path: path + [field.jsonName])
            }
            return Flag(name: singular, otherName: plain, field: field, path: path + [field.jsonName])
        }
    }

    /// Whether the flag is given once for each value: then it is called by the singular.
    private static func isSaidAgain(_ field: Field) -> Bool {
        if case .map = field.kind { return !field.rules.isLocalizedText }
        return field.isRepeated
    }

    private static func argument(among flags: [Flag], changes: Bool) -> Flag? {
        let own = flags.filter { !$0.isNested && $0.field.kind == .string && !$0.field.isRepeated }
        if let name = own.first(where: { $0.field.name == "name" }) { return name }
        if let parent = own.first(where: { $0.field.name == "parent" }) { return parent }
        if let required = own.first(where: { $0.field.rules.isRequired }) { return required }
        guard changes else { return nil }
        return flags.first { $0.isNested && $0.field.name == "name" && $0.field.kind == .string }
    }
}
