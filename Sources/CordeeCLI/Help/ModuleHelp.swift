import RPC

/// `cordee MODULE --help`: its methods with the first sentence of each.
struct ModuleHelp {
    let module: Module
    let console: Console

    func lines() -> [String] {
        let language = console.language
        var lines: [String] = []
        for paragraph in module.comment.paragraphs {
            lines += TextLayout.wrap(paragraph, width: console.textWidth) + [""]
        }
        lines.append(Texts.usage[language] + "cordee \(module.name) \(Texts.methodWord[language]) [--help]")
        lines += ["", Texts.methods[language]]
        let pairs = module.commands.map { ($0.shown, $0.method.comment.firstSentence) }
        return lines + TextLayout.definitions(pairs, width: console.textWidth)
    }
}
