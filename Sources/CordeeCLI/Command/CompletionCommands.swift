/// `cordee completions SHELL`: a script for a shell, which asks `cordee complete` at each Tab, so that it knows the
/// daemon's modules without naming them.
enum CompletionCommands {
    static func printScript(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        guard let shell = arguments.first else { throw .usage(Texts.missingArgument("bash|zsh|fish")) }
        if arguments.count > 1 { throw .usage(Texts.tooManyArguments(arguments[1])) }
        guard let script = scripts[shell] else {
            throw .usage(Texts.wrongValue("SHELL", shell, expected: "bash, zsh, fish"))
        }
        context.console.print(script)
        return .success
    }

    /// `cordee complete -- WORDS`: what may stand behind the words, each on a line. Without a daemon it is what the
    /// client knows itself, and no error: nobody wants one at a Tab.
    static func printCandidates(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let words = Array(arguments.drop { $0 == "--" }.filter { !$0.hasPrefix("-") })
        var catalog: Catalog?
        do throws(Failure) {
            catalog = try await context.withDaemon { (connection) throws(Failure) in try await connection.catalog() }
        } catch {
            catalog = nil
        }
        for candidate in candidates(behind: words, in: catalog) { context.console.print(Console.safe(candidate)) }
        return .success
    }

    static func candidates(behind words: [String], in catalog: Catalog?) -> [String] {
        let modules = catalog?.modules ?? []
        let options = GlobalOptions.names.map { "--" + $0 }
        guard let first = words.first else {
            return OwnCommand.shown.map { $0.words[0] } + modules.map(\.name)
        }
        if let own = OwnCommand.named(by: words) {
            if own.words == ["call"], let catalog { return catalog.services.flatMap(\.methods).map(\.path) + options }
            return own.flags.map { String($0.term.drop { $0 != "-" }.prefix { $0 != " " && $0 != "," }) } + options
        }
        let inside = OwnCommand.shown.filter { $0.words[0] == first && $0.words.count > 1 }
        if !inside.isEmpty { return inside.map { $0.words[1] } }
        guard let module = modules.first(where: { $0.name == first }) else { return [] }
        guard words.count > 1 else { return module.commands.map(\.shown) }
        guard let catalog, let command = module.command(named: words[1]) else { return [] }
        return FlagSet(command.method, in: catalog).flags.map { "--" + $0.name } + options
    }

    private static let scripts = [
        "bash": """
        _cordee() {
            local IFS=$'\\n'
            COMPREPLY=($(compgen -W "$(cordee complete -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" \\
                -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _cordee cordee
        """,
        "zsh": """
        #compdef cordee
        _cordee() {
            local -a found
            found=(${(f)"$(cordee complete -- ${words[2,CURRENT-1]} 2>/dev/null)"})
            compadd -a found || _files
        }
        compdef _cordee cordee
        """,
        "fish": """
        complete -c cordee -f -a '(cordee complete -- (commandline -opc)[2..] 2>/dev/null)'
        """,
    ]
}
