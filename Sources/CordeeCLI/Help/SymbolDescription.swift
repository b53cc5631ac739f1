import RPC

/// Declarations as proto files write them.
struct SymbolDescription {
    let catalog: Catalog
    let console: Console

    /// All names that can be described.
    var names: [String] {
        catalog.services.flatMap { [$0.fullName] + $0.methods.map(\.path) } + catalog.messages.keys.sorted()
            + catalog.enumerations.keys.sorted()
    }

    /// The declaration of a full name, or of a short one that only one thing bears.
    ///
    /// - Throws: `.usage` naming the nearest name, or all that bear the short one.
    func lines(of name: String) throws(Failure) -> [String] {
        if let found = exact(name) { return found }
        let names = names
        let short = names.filter { Naming.lastPart(of: $0) == name || $0.hasSuffix("/" + name) }
        if short.count > 1 { throw .usage(Texts.ambiguousSymbol(name, short)) }
        guard let only = short.first, let found = exact(only) else {
            throw .usage(Texts.unknownSymbol(name, nearest: Nearest.match(name, among: names)))
        }
        return found
    }

    private func exact(_ name: String) -> [String]? {
        if let service = catalog.services.first(where: { $0.fullName == name }) { return lines(service) }
        if let method = catalog.method(name) { return lines(method, indent: "") }
        if let message = catalog.message(name) { return lines(message) }
        if let type = catalog.enumerations[name] { return lines(type) }
        return nil
    }

    private func lines(_ service: ServiceType) -> [String] {
        var lines = comment(service.comment, indent: "") + ["service \(service.simpleName) {"]
        for method in service.methods { lines += self.lines(method, indent: "  ") }
        return lines + ["}"]
    }

    private func lines(_ method: MethodType, indent: String) -> [String] {
        let who = "// " + Texts.whoMayCall[console.language] + PermissionText.line(method.permissions, console.language)
        return comment(method.comment, indent: indent) + [
            indent + who,
            indent + "rpc \(Console.safe(method.name))(\(message(method.input, isStream: method.sendsMany))) returns ("
                + "\(message(method.output, isStream: method.answersMany)));",
        ]
    }

    private func lines(_ message: MessageType) -> [String] {
        var lines = comment(message.comment, indent: "") + ["message \(message.simpleName) {"]
        for field in message.fields {
            let required = field.rules.isRequired ? "  // " + Texts.required[console.language] : ""
            lines += comment(field.comment, indent: "  ")
            lines.append("  \(type(of: field)) \(Console.safe(field.name)) = \(field.number);" + required)
        }
        return lines + ["}"]
    }

    private func lines(_ type: EnumType) -> [String] {
        var lines = comment(type.comment, indent: "") + ["enum \(type.simpleName) {"]
        for value in type.values {
            lines += comment(value.comment, indent: "  ") + ["  \(Console.safe(value.name)) = \(value.number);"]
        }
        return lines + ["}"]
    }

    private func message(_ name: String, isStream: Bool) -> String { Console.safe((isStream ? "stream " : "") + name) }

    private func type(of field: Field) -> String {
        if case .map(let value) = field.kind { return "map<string, \(name(of: value))>" }
        let name = name(of: field.kind)
        return field.isRepeated ? "repeated " + name : name
    }

    private func name(of kind: Field.Kind) -> String {
        switch kind {
        case .string: "string"
        case .bytes: "bytes"
        case .bool: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .double: "double"
        case .message(let name), .enumeration(let name): name
        case .map: "map"
        }
    }

    private func comment(_ comment: Comment, indent: String) -> [String] {
        var lines: [String] = []
        for (index, paragraph) in comment.paragraphs.enumerated() {
            if index > 0 { lines.append(indent + "//") }
            lines += TextLayout.wrap(paragraph, width: console.textWidth - indent.count - 3).map { indent + "// " + $0 }
        }
        return lines
    }
}
