/// Which statements a caller may run: all but those that the Store alone may say.
///
/// A `COMMIT` or `ROLLBACK` inside a write body would end the transaction of its whole group, a pragma would change
/// the connection for everyone after it.
enum StatementScreen {
    private static let refused: Set<String> = [
        "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "ATTACH", "DETACH", "VACUUM",
    ]

    static func accepts(_ sql: String) -> Bool {
        guard let word = firstWord(sql) else { return false }
        return !refused.contains(word)
    }

    /// The first word in capitals, behind white space, empty statements and comments; nil when there is none.
    private static func firstWord(_ sql: String) -> String? {
        var rest = Substring(sql)
        while let first = rest.first {
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = endOfBlockComment(rest) else { return nil }
                rest = rest[end...]
            } else if first.isWhitespace || first == ";" || first == "\u{FEFF}" {
                rest = rest.dropFirst()
            } else {
                let word = rest.prefix { $0.isLetter }
                return word.isEmpty ? nil : word.uppercased()
            }
        }
        return nil
    }

    private static func endOfBlockComment(_ text: Substring) -> Substring.Index? {
        var previous: Character?
        var index = text.index(text.startIndex, offsetBy: 2)
        while index < text.endIndex {
            if previous == "*" && text[index] == "/" { return text.index(after: index) }
            previous = text[index]
            index = text.index(after: index)
        }
        return nil
    }
}
