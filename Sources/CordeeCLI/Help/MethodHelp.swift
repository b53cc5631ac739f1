import RPC

/// `cordee MODULE METHOD --help`: the comments of the proto, and the flags.
struct MethodHelp {
    let module: Module
    let command: Module.Command
    let catalog: Catalog
    let console: Console

    func lines() -> [String] {
        let language = console.language
        let method = command.method
        let flags = FlagSet(method, in: catalog)
        var lines: [String] = []
        for paragraph in method.comment.paragraphs {
            lines += TextLayout.wrap(paragraph, width: console.textWidth) + [""]
        }
        lines.append(Texts.usage[language] + usage(flags))
        if let short = command.short, short != command.name {
            lines.append(Texts.alsoCalled[language] + "cordee \(module.name) \(command.name)")
        }
        if let argument = flags.argument {
            let pair = (argumentName(argument), text(of: argument, isRequired: argument.field.rules.isRequired))
            lines += ["", Texts.argument[language]] + TextLayout.definitions([pair], width: console.textWidth)
        }
        let others = inOrder(flags.flags.filter { $0.path != flags.argument?.path }, flags)
        if !others.isEmpty {
            let pairs = others.map { (term(of: $0), text(of: $0, isRequired: isRequired($0, flags))) }
            lines += ["", Texts.flags[language]] + TextLayout.definitions(pairs, width: console.textWidth)
        }
        lines.append("")
        let who = PermissionText.line(method.permissions, language)
        lines += TextLayout.wrap(Texts.whoMayCall[language] + who, width: console.textWidth)
        if method.sendsMany { lines += TextLayout.wrap(Texts.sendsMany[language], width: console.textWidth) }
        if method.answersMany { lines += TextLayout.wrap(Texts.answersMany[language], width: console.textWidth) }
        lines += TextLayout.wrap(Texts.fullName[language] + method.path, width: console.textWidth)
        lines += TextLayout.wrap(Texts.answer[language] + method.output, width: console.textWidth)
        return lines + ["", Texts.seeOptions[language]]
    }

    private func usage(_ flags: FlagSet) -> String {
        var usage = "cordee \(module.name) \(command.shown)"
        if let argument = flags.argument {
            let name = argumentName(argument)
            let isNeeded = argument.field.rules.isRequired || argument.field.name == "name"
            usage += isNeeded ? " " + name : " [\(name)]"
        }
        return usage
            + (flags.flags.count > (flags.argument == nil ? 0 : 1) ? " [--\(Texts.flagWord[console.language])…]" : "")
    }

    private func argumentName(_ flag: Flag) -> String { Naming.screaming(flag.field.flagName) }

    private func term(of flag: Flag) -> String {
        if flag.isSwitch { return "--\(flag.name)" }
        return "--\(flag.name) \(placeholder(flag))" + (flag.field.isRepeated ? " …" : "")
    }

    private func placeholder(_ flag: Flag) -> String {
        switch flag.field.kind {
        case .string: return Texts.textWord[console.language]
        case .bytes: return Texts.fileWord[console.language]
        case .bool: return "true|false"
        case .int32, .int64, .uint32, .uint64: return "N"
        case .double: return "X"
        case .map: return flag.field.rules.isLocalizedText ? "[fr=]" + Texts.textWord[console.language] : "K=V"
        case .enumeration: return Texts.valueWord[console.language]
        case .message("google.protobuf.Timestamp"): return "2026-11-24T15:45:00Z"
        case .message("google.protobuf.Duration"): return "1h30m"
        case .message("google.protobuf.FieldMask"): return "A,B"
        case .message: return shorthand(flag.field)
        }
    }

    /// "start-local=…,end-local=…" of the fields that are required, or of the first two.
    private func shorthand(_ field: Field) -> String {
        guard let message = catalog.message(of: field) else { return "JSON" }
        let own = message.fields.filter { !$0.rules.isOutputOnly }
        let required = own.filter(\.rules.isRequired)
        let shown = required.isEmpty ? Array(own.prefix(2)) : Array(required.prefix(4))
        return shown.isEmpty ? "JSON" : shown.map { "\($0.flagName)=…" }.joined(separator: ",")
    }

    /// A change needs none of the resource's fields: what is not said stays.
    private func isRequired(_ flag: Flag, _ flags: FlagSet) -> Bool {
        flag.field.rules.isRequired && !(flag.isNested && flags.updateMask != nil)
    }

    /// What must be said first, then the resource's fields, then how to treat it.
    private func inOrder(_ shown: [Flag], _ flags: FlagSet) -> [Flag] {
        let required = shown.filter { isRequired($0, flags) }
        let others = shown.filter { !isRequired($0, flags) }
        return required + others.filter(\.isNested) + others.filter { !$0.isNested }
    }

    private func text(of flag: Flag, isRequired: Bool) -> String {
        let language = console.language
        var text = flag.field.comment.line
        if let type = catalog.enumeration(of: flag.field.kind) {
            let names = type.values.filter { !$0.isUnspecified }.map { Naming.kebab($0.name.lowercased()) }
            text += (text.isEmpty ? "" : " ") + Texts.oneOf[language] + names.joined(separator: ", ") + "."
        }
        if flag.field.kind == .bytes { text += (text.isEmpty ? "" : " ") + Texts.bytesForms[language] }
        if isRequired { text += (text.isEmpty ? "" : " ") + "(\(Texts.required[language]))" }
        return text
    }
}
