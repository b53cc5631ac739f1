import RPC

/// `cordee services`: each method that can be called, with the first sentence of its comment.
enum ServicesCommand {
    static func run(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        if let word = arguments.first { throw .usage(Texts.tooManyArguments(word)) }
        let catalog = try await context.withDaemon { (connection) throws(Failure) in try await connection.catalog() }
        let methods = catalog.services.flatMap(\.methods)
        let console = context.console
        let language = console.language
        if context.options.isJSON {
            for method in methods { console.print(json(method).line) }
            return .success
        }
        let rows = methods.map { [Console.safe($0.path), Console.safe($0.comment.firstSentence)] }
        let table = Table(headings: [Texts.methodWord[language], Texts.commentWord[language]], rows: rows)
        let lines = table.lines(width: console.isTerminal ? console.width : nil)
        console.print(console.bold(lines[0]))
        for line in lines.dropFirst() { console.print(line) }
        return .success
    }

    private static func json(_ method: MethodType) -> JSON {
        .object([
            JSON.Member(name: "service", value: .string(method.service)),
            JSON.Member(name: "method", value: .string(method.name)),
            JSON.Member(name: "readOnly", value: .bool(method.isReadOnly)),
            JSON.Member(name: "comment", value: .string(method.comment.line)),
        ])
    }
}
