/// Makes the JSON of a request out of the arguments behind a method's name.
struct RequestBuilder {
    let flags: FlagSet
    let values: FieldValues

    /// - Parameter arguments: what stands behind the command, without the options that all commands know.
    /// - Throws: `.here` naming the flag, and the nearest one for a flag that is not known.
    func request(_ arguments: [String]) throws(Failure) -> JSON {
        var request = JSON.object([])
        var given: [[String]] = []
        var rest = arguments[...]
        var isOnlyText = false
        while let word = rest.popFirst() {
            if word == "--", !isOnlyText {
                isOnlyText = true
                continue
            }
            let flag: Flag
            let text: String?
            if !isOnlyText, word.hasPrefix("--") {
                (flag, text) = try take(word.dropFirst(2), from: &rest)
            } else if let argument = flags.argument, isOnlyText || word == "-" || !word.hasPrefix("-") {
                guard !given.contains(argument.path) else { throw .usage(Texts.tooManyArguments(word)) }
                (flag, text) = (argument, word)
            } else {
                throw .usage(word.hasPrefix("-") ? Texts.unknownFlag(word, nearest: nil) : Texts.tooManyArguments(word))
            }
            try add(text, to: flag, wasGiven: given.contains(flag.path), in: &request)
            given.append(flag.path)
        }
        fillUpdateMask(given, in: &request)
        return request
    }

    /// Splits "--flag=value" and "--flag value"; a switch takes no word after it.
    private func take(
        _ word: Substring, from rest: inout ArraySlice<String>
    ) throws(Failure) -> (Flag, String?) {
        let name = String(word.prefix { $0 != "=" })
        let inline = word.count > name.count ? String(word.dropFirst(name.count + 1)) : nil
        if let flag = flags.flag(named: name) {
            if let inline { return (flag, inline) }
            if flag.isSwitch { return (flag, "true") }
            guard let next = rest.first, !next.hasPrefix("--") else { throw .usage(Texts.missingValue("--" + name)) }
            rest.removeFirst()
            return (flag, next)
        }
        if name.hasPrefix("no-"), inline == nil, let flag = flags.flag(named: String(name.dropFirst(3))), flag.isSwitch
        {
            return (flag, "false")
        }
        let known = flags.flags.map(\.name) + GlobalOptions.names
        throw .usage(Texts.unknownFlag("--" + name, nearest: Nearest.match(name, among: known).map { "--" + $0 }))
    }

    private func add(
        _ text: String?, to flag: Flag, wasGiven: Bool, in request: inout JSON
    ) throws(Failure) {
        let text = text ?? ""
        let label = "--" + flag.name
        if case .map(let kind) = flag.field.kind {
            let entry = try values.entry(text, of: kind, isLocalized: flag.field.rules.isLocalizedText, label: label)
            request.set(flag.path + [entry.name], to: entry.value)
            return
        }
        let value = try values.value(text, of: flag.field.kind, label: label)
        guard flag.field.isRepeated else {
            if wasGiven { throw .usage(Texts.givenTwice(label)) }
            request.set(flag.path, to: value)
            return
        }
        let before = flag.path.reduce(request as JSON?) { $0?[$1] }
        request.set(flag.path, to: .array((before?.elements ?? []) + [value]))
    }

    /// A change that does not say which fields it is about is about those whose flags were given; so a flag can also set
    /// a field back to nothing, which "all that are set" could not.
    private func fillUpdateMask(_ given: [[String]], in request: inout JSON) {
        guard let mask = flags.updateMask, !given.contains(mask.path) else { return }
        var fields: [String] = []
        for path in given where path.count > 1 && path[1] != "name" && path[1] != "etag" && !fields.contains(path[1]) {
            fields.append(path[1])
        }
        guard !fields.isEmpty else { return }
        request.set(mask.path, to: .string(fields.joined(separator: ",")))
    }
}
