import RPC

/// `cordee privacy …`: one person's data.
enum PrivacyCommands {
    private static let service = "cordee.system.v1.Privacy"

    /// `cordee privacy export [--person P]`: JSON lines, each a collection and a record of it.
    static func export(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        try await context.withDaemon { (connection) throws(Failure) in
            let call = try await SystemMethod(service, "ExportPerson").prepare(connection, context, arguments)
            try await connection.stream(
                service: call.method.service, method: call.method.name, .server, [call.request], .never
            ) { (bytes) throws(Failure) in
                guard let answer = try? JSON(parsing: bytes), let text = answer["json"]?.text,
                    let record = try? JSON(parsing: text), let collection = answer["collection"]
                else { throw .here(.internalFault, Texts.oddAnswer(call.method.path)) }
                var line = JSON.object([])
                line.set(["collection"], to: collection)
                line.set(["record"], to: record)
                context.console.print(line.line)
            }
        }
        return .success
    }

    /// `cordee privacy erase --person P --yes`; exit code 1 while something of it is pending.
    static func erase(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let rest = arguments.filter { $0 != "--yes" }
        guard rest.count < arguments.count else { throw .usage(Texts.privacyEraseUnsure) }
        let answer = try await SystemMethod(service, "ErasePerson").run(context, rest)
        return answer["state"]?.text == "DONE" ? .success : .failure
    }
}
