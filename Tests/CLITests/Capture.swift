import RPC
import Threading

@testable import CordeeCLI

/// What a command printed.
final class Capture: Sendable {
    private let texts = Lock((output: "", errors: ""))

    var output: String { texts.withLock { $0.output } }
    var errors: String { texts.withLock { $0.errors } }

    /// A console that writes here: by default a pipe, in English.
    func console(_ language: Language = .en, terminalWidth: Int? = nil, hasColour: Bool = false) -> Console {
        Console(
            language: language, isTerminal: terminalWidth != nil, width: terminalWidth ?? 80, hasColour: hasColour,
            errorsHaveColour: hasColour,
            output: { text in self.texts.withLock { $0.output += text } },
            errors: { text in self.texts.withLock { $0.errors += text } })
    }
}
