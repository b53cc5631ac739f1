/// `cordee audit …`: proof that nobody altered the log of events.
enum AuditCommands {
    /// `cordee audit verify [--anchor FILE]`; exit code 1 when something is wrong.
    static func verify(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let answer = try await SystemMethod("cordee.system.v1.Audit", "VerifyLog")
            .run(context, try withAnchor(arguments))
        return (answer["finding"]?.text ?? "").isEmpty ? .success : .failure
    }

    /// The arguments with the last anchor of the file in place of the file's name: a log of the service may be long.
    private static func withAnchor(_ arguments: [String]) throws(Failure) -> [String] {
        var rest: [String] = []
        var words = arguments[...]
        while let word = words.popFirst() {
            let value = word.hasPrefix("--anchor=") ? word.dropFirst("--anchor=".count) : nil
            guard value != nil || word == "--anchor" else {
                rest.append(word)
                continue
            }
            guard let path = value.map(String.init) ?? words.popFirst() else { return arguments }
            rest += ["--anchor", try lastAnchor(in: path)]
        }
        return rest
    }

    private static func lastAnchor(in path: String) throws(Failure) -> String {
        let bytes = try ArgumentFiles.content(of: path, bytesMax: ArgumentFiles.streamBytesMax)
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        // Without one the daemon says what is wrong with it.
        return String(lines.last { $0.contains("cordee-anchor") } ?? lines.last?.prefix(200) ?? "-")
    }
}
