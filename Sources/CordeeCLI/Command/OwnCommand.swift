import RPC

/// A command that the client has without a daemon: its name, its help, and what it does.
struct OwnCommand: Sendable {
    /// A flag, for the help.
    struct Flag: Sendable {
        /// "--email E".
        let term: String
        let text: LocalizedText
    }

    /// What stands on the command line: ["tokens", "create"].
    let words: [String]
    /// What may stand behind it: "SERVICE/METHOD".
    var argument = ""
    let summary: LocalizedText
    var flags: [Flag] = []
    /// For scripts alone: not in the list of commands.
    var isHidden = false
    /// - Returns: how the process ends.
    let run: @Sendable (CommandContext, [String]) async throws(Failure) -> ExitCode

    /// The command that the words begin with.
    static func named(by words: [String]) -> OwnCommand? {
        all.first { $0.words == Array(words.prefix($0.words.count)) }
    }

    /// `cordee COMMAND --help`.
    func help(_ console: Console) -> [String] {
        let language = console.language
        var usage = (["cordee"] + words).joined(separator: " ")
        if !argument.isEmpty { usage += " " + argument }
        if !flags.isEmpty { usage += " [--\(Texts.flagWord[language])…]" }
        var lines = TextLayout.wrap(summary[language], width: console.textWidth)
        lines += ["", Texts.usage[language] + usage]
        if !flags.isEmpty {
            let pairs = flags.map { ($0.term, $0.text[language]) }
            lines += ["", Texts.flags[language]] + TextLayout.definitions(pairs, width: console.textWidth)
        }
        return lines + ["", Texts.seeOptions[language]]
    }
}
