import RPC

/// Why a command did not do what it was asked; it becomes text on the standard error and an exit code.
enum Failure: Error, Equatable {
    /// The command line, a file or a value is wrong: nothing was sent, or nothing of it.
    case here(ExitCode, LocalizedText)
    /// The daemon refused.
    case refused(Status)
    /// Nobody listens at the socket.
    case noDaemon(socket: String, detail: String)
    /// The connection ended before the answer.
    case connectionLost(detail: String)

    /// A wrong command line.
    static func usage(_ text: LocalizedText) -> Failure { .here(.usage, text) }

    /// A value that cannot be what its field wants.
    static func value(_ text: LocalizedText) -> Failure { .here(.invalidArgument, text) }

    var exitCode: ExitCode {
        switch self {
        case .here(let code, _): code
        case .refused(let status): ExitCode(status.code)
        case .noDaemon, .connectionLost: .unavailable
        }
    }

    /// The text for people: what happened, each wrong field, and on the last line, dimmed, what support asks for.
    func report(for console: Console) -> String {
        let language = console.language
        var lines: [String] = []
        switch self {
        case .here(_, let text): lines.append("cordee: " + Console.safe(text[language]))
        case .noDaemon(let socket, let detail):
            lines.append("cordee: " + Console.safe(Texts.noDaemon(socket: socket)[language]))
            lines.append(console.dim(Console.safe(detail)))
        case .connectionLost(let detail):
            lines.append("cordee: " + Texts.connectionLost[language])
            lines.append(console.dim(Console.safe(detail)))
        case .refused(let status):
            lines.append("cordee: " + Console.safe(status.text[language]))
            for violation in status.violations {
                lines.append(Console.safe("  \(violation.field): \(violation.text[language])"))
            }
            if let delay = status.retryDelay {
                lines.append("  " + Texts.retryAfter(seconds: max(1, delay.components.seconds))[language])
            }
            let words = [status.code.name, status.reason, status.requestID ?? ""].filter { !$0.isEmpty }
            lines.append(console.dim(Console.safe(words.joined(separator: "  "))))
        }
        return lines.joined(separator: "\n")
    }
}
