/// `cordee describe NAME`: a service, method, message or enum, written as its proto writes it, with its comments.
enum DescribeCommand {
    static func run(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        guard let name = arguments.first else { throw .usage(Texts.missingArgument("NAME")) }
        if arguments.count > 1 { throw .usage(Texts.tooManyArguments(arguments[1])) }
        let catalog = try await context.withDaemon { (connection) throws(Failure) in try await connection.catalog() }
        let description = SymbolDescription(catalog: catalog, console: context.console)
        for line in try description.lines(of: name) { context.console.print(line) }
        return .success
    }
}
