/// Flowing text in columns of a terminal.
enum TextLayout {
    /// The text broken at spaces, each line at most so wide; a word that is wider stands alone.
    static func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words(of: Console.safe(text)) {
            let needed = DisplayWidth.of(line) + (line.isEmpty ? 0 : 1) + DisplayWidth.of(word)
            if needed > width, !line.isEmpty {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// The parts that stay on one line: French has a space before ":" and inside of « », where no line may end.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        for word in text.split(separator: " ") {
            if let last = words.last, last.hasSuffix("«") || [":", ";", "?", "!", "»"].contains(word.prefix(1)) {
                words[words.count - 1] = last + " " + word
            } else {
                words.append(String(word))
            }
        }
        return words
    }

    /// Terms and what they mean, side by side; a term that is too long has its meaning on the next line.
    static func definitions(_ pairs: [(term: String, text: String)], width: Int) -> [String] {
        let termMax = 28
        let terms = pairs.map { DisplayWidth.of($0.term) }.filter { $0 <= termMax }
        let column = (terms.max() ?? 0) + 4
        var lines: [String] = []
        for (term, text) in pairs {
            let wrapped = wrap(text, width: max(20, width - column))
            let head = "  " + Console.safe(term)
            let isLong = DisplayWidth.of(head) + 2 > column
            if isLong || wrapped.isEmpty { lines.append(head) }
            for (index, line) in wrapped.enumerated() {
                let start = index == 0 && !isLong ? head : ""
                lines.append(DisplayWidth.pad(start, to: column) + line)
            }
        }
        return lines
    }
}
