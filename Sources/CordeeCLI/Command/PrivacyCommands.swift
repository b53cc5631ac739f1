import RPC

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `cordee privacy …`: one person's data.
enum PrivacyCommands {
    private static let service = "cordee.system.v1.Privacy"

    /// `cordee privacy export [--person P]`: JSON lines, each a collection and a record of it.
    static func export(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        try await printRecords("ExportPerson", context, arguments)
    }

    /// `cordee privacy board --parent B`: JSON lines as above, before them one that says what is left out.
    static func board(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        try await printRecords("ExportBoard", context, arguments)
    }

    private static func printRecords(
        _ method: String, _ context: CommandContext, _ arguments: [String]
    ) async throws(Failure) -> ExitCode {
        try await context.withDaemon { (connection) throws(Failure) in
            let call = try await SystemMethod(service, method).prepare(connection, context, arguments)
            try await connection.stream(
                service: call.method.service, method: call.method.name, .server, [call.request], .never
            ) { (bytes) throws(Failure) in
                guard let answer = try? JSON(parsing: bytes) else {
                    throw .here(.internalFault, Texts.oddAnswer(call.method.path))
                }
                // What is no record says what is not sent.
                guard let collection = answer["collection"] else { return context.console.print(answer.line) }
                guard let text = answer["json"]?.text, let record = try? JSON(parsing: text) else {
                    throw .here(.internalFault, Texts.oddAnswer(call.method.path))
                }
                var line = JSON.object([])
                line.set(["collection"], to: collection)
                line.set(["record"], to: record)
                context.console.print(line.line)
            }
        }
        return .success
    }

    /// `cordee privacy my-data --output FILE`: a zip archive that nobody else of the machine may read.
    static func myData(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        guard arguments.count == 2, arguments[0] == "--output" else { throw .usage(Texts.privacyOutputMissing) }
        let path = arguments[1]
        try await context.withDaemon { (connection) throws(Failure) in
            let call = try await SystemMethod(service, "ExportMyData").prepare(connection, context, [])
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw .value(Texts.privacyOutputFailed(path, String(cString: strerror(errno)))) }
            defer { close(file) }
            do throws(Failure) {
                try await connection.stream(
                    service: call.method.service, method: call.method.name, .server, [call.request], .never
                ) { (bytes) throws(Failure) in
                    guard let text = (try? JSON(parsing: bytes))?["chunk"]?.text, let chunk = Base64.decode(text)
                    else { throw .here(.internalFault, Texts.oddAnswer(call.method.path)) }
                    guard write(file, chunk, chunk.count) == chunk.count else {
                        throw .value(Texts.privacyOutputFailed(path, String(cString: strerror(errno))))
                    }
                }
            } catch {
                // Half an archive is none.
                unlink(path)
                throw error
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
