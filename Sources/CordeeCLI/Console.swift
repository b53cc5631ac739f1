public import RPC

/// Where the client writes, and what it may assume of the reader.
public struct Console: Sendable {
    /// The language of all texts.
    public var language: Language
    /// Whether the standard output is a terminal: tables are cut to its width, and lists to a first part.
    public var isTerminal: Bool
    /// The terminal's columns.
    public var width: Int
    /// Whether escape sequences are welcome on the standard output.
    public var hasColour: Bool
    /// Whether they are on the standard error.
    public var errorsHaveColour: Bool
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void
    /// Whether something that was printed did not get out.
    let hasLostOutput: @Sendable () -> Bool

    public init(
        language: Language, isTerminal: Bool, width: Int, hasColour: Bool, errorsHaveColour: Bool,
        output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void,
        hasLostOutput: @escaping @Sendable () -> Bool = { false }
    ) {
        self.language = language
        self.isTerminal = isTerminal
        self.width = width
        self.hasColour = hasColour
        self.errorsHaveColour = errorsHaveColour
        self.output = output
        self.errors = errors
        self.hasLostOutput = hasLostOutput
    }

    /// Writes a text and the end of its line to the standard output.
    func print(_ text: String) { output(text + "\n") }

    /// Writes a text and the end of its line to the standard error.
    func tell(_ text: String) { errors(text + "\n") }

    func tell(_ text: LocalizedText) { tell(text[language]) }

    /// For the standard error.
    func dim(_ text: String) -> String { errorsHaveColour && !text.isEmpty ? "\u{1b}[2m\(text)\u{1b}[0m" : text }

    /// For the standard output.
    func bold(_ text: String) -> String { hasColour && !text.isEmpty ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

    /// The columns for flowing text.
    var textWidth: Int { isTerminal ? min(max(width, 40), 100) : 80 }

    /// The text with what could move a terminal (C0, DEL, C1, and the marks that reverse the direction of writing) shown
    /// as "�"; an end of line and a tab become a space.
    static func safe(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\t", "\r": result.append(" ")
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}":
                result.append("\u{fffd}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
