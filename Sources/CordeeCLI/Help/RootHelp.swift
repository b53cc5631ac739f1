import RPC

/// `cordee --help`: the client's own commands, the daemon's modules, the options and the exit codes.
struct RootHelp {
    let console: Console
    /// The daemon's modules, or why they are not known.
    let modules: Result<[Module], Failure>
    let socket: String

    func lines() -> [String] {
        let language = console.language
        let width = console.textWidth
        var lines = TextLayout.wrap(Texts.about[language], width: width)
        lines += ["", Texts.usage[language] + "cordee \(Texts.commandWord[language]) […]"]
        lines += ["", Texts.commands[language]]
        lines += TextLayout.definitions(
            OwnCommand.shown.map { ($0.words.joined(separator: " "), $0.summary[language]) }, width: width)
        lines += ["", Texts.modules[language]]
        switch modules {
        case .success(let modules):
            lines += TextLayout.definitions(modules.map { ($0.name, $0.comment.firstSentence) }, width: width)
        case .failure:
            lines += TextLayout.wrap(Texts.modulesMissing(socket: socket)[language], width: width - 2).map { "  " + $0 }
        }
        lines += ["", Texts.options[language]] + TextLayout.definitions(Self.options(console), width: width)
        lines += ["", Texts.exitCodes[language]]
        let codes = ExitCode.allCases.map { (String($0.rawValue), Texts.exitCode($0)[language]) }
        return lines + TextLayout.definitions(codes, width: width)
    }

    private static func options(_ console: Console) -> [(String, String)] {
        let language = console.language
        return [
            ("--json", Texts.optionJSON[language]),
            ("--print \(Texts.fieldWord[language])", Texts.optionPrint[language]),
            ("--limit N", Texts.optionLimit[language]), ("--lang fr|en", Texts.optionLanguage[language]),
            ("--socket \(Texts.pathWord[language])", Texts.optionSocket[language]),
            ("--tls-ca \(Texts.pathWord[language])", Texts.optionTLSAuthorities[language]),
            ("--tls-certificate", Texts.optionTLSIdentity[language]),
            ("--token-file \(Texts.pathWord[language])", Texts.optionTokenFile[language]),
            ("--timeout 30s", Texts.optionTimeout[language]),
            ("--idempotency-key", Texts.optionIdempotencyKey[language]), ("-h, --help", Texts.optionHelp[language]),
            ("--version", Texts.optionVersion[language]),
        ]
    }
}
