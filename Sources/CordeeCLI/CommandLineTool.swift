import RPC

/// The client `cordee`: reads a command line, calls the daemon, prints what it answers.
public struct CommandLineTool: Sendable {
    let console: Console
    let surroundings: Surroundings
    private let connector: Connector

    /// Makes a connection to the daemon at a socket.
    typealias Connector = @Sendable (_ target: ConnectionTarget) async throws(Failure) -> any Connection

    init(console: Console, surroundings: Surroundings, connector: @escaping Connector) {
        self.console = console
        self.surroundings = surroundings
        self.connector = connector
    }

    /// The tool that speaks to a daemon over its socket.
    public init(console: Console, surroundings: Surroundings) {
        self.init(console: console, surroundings: surroundings) { (target) throws(Failure) in
            try await SocketConnection.connect(to: target)
        }
    }

    /// Runs one command line to its end.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Returns: how the process should end; what was to be said is printed.
    public func run(_ arguments: [String]) async -> ExitCode {
        var console = console
        do throws(Failure) {
            var (options, words) = try GlobalOptions.parse(arguments)
            console.language = options.language ?? console.language
            if words.first == "help" {
                options.wantsHelp = true
                words.removeFirst()
            }
            let code = try await run(words, context(options, console))
            guard code == .success, console.hasLostOutput() else { return code }
            throw .here(.outputLost, Texts.outputLost)
        } catch {
            console.tell(error.report(for: console))
            return error.exitCode
        }
    }

    private func context(_ options: GlobalOptions, _ console: Console) -> CommandContext {
        let connectAs = {
            @Sendable [connector, surroundings] (token: String?) async throws(Failure) -> any Connection in
            try await connector(
                ConnectionTarget(
                    socket: surroundings.socket(options), trust: surroundings.trust(options), token: token,
                    language: console.language,
                    timeout: options.timeout))
        }
        return CommandContext(
            console: console, options: options, surroundings: surroundings, connectAs: connectAs
        ) { [surroundings] () throws(Failure) in
            // Read only now: what needs no daemon needs no token, and help is for everybody.
            try await connectAs(options.wantsHelp ? nil : try surroundings.token(options))
        }
    }

    private func run(_ words: [String], _ context: CommandContext) async throws(Failure) -> ExitCode {
        if context.options.wantsVersion {
            context.console.print("cordee \(CordeeVersion.text)")
            return .success
        }
        guard let first = words.first else {
            await showRootHelp(context)
            return .success
        }
        if first.hasPrefix("-") {
            let near = Nearest.match(String(first.drop { $0 == "-" }), among: GlobalOptions.names)
            throw .usage(Texts.unknownFlag(first, nearest: near.map { "--" + $0 }))
        }
        if let command = OwnCommand.named(by: words) {
            guard !context.options.wantsHelp else {
                for line in command.help(context.console) { context.console.print(line) }
                return .success
            }
            return try await command.run(context, Array(words.dropFirst(command.words.count)))
        }
        let inside = OwnCommand.all.filter { $0.words[0] == first }.map { $0.words.joined(separator: " ") }
        if let only = inside.first {
            throw .usage(Texts.unknownCommand(words.prefix(2).joined(separator: " "), nearest: only))
        }
        try await ModuleCommand(context: context).run(words)
        return .success
    }

    private func showRootHelp(_ context: CommandContext) async {
        let modules: Result<[Module], Failure>
        do throws(Failure) {
            modules = .success(
                try await context.withDaemon { (connection) throws(Failure) in try await connection.catalog().modules })
        } catch {
            modules = .failure(error)
        }
        let help = RootHelp(
            console: context.console, modules: modules, socket: context.surroundings.socket(context.options))
        for line in help.lines() { context.console.print(line) }
    }
}
