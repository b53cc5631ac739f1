/// A comment of a proto file.
struct Comment: Sendable, Equatable {
    /// The paragraphs, each on one line; empty for no comment.
    let paragraphs: [String]

    static let none = Comment(paragraphs: [])

    init(paragraphs: [String]) { self.paragraphs = paragraphs }

    /// Reads what protoc keeps of a comment: lines, each with the space after its slashes.
    init(_ text: String) {
        var paragraphs: [String] = []
        var words: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let found = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            if found.isEmpty, !words.isEmpty {
                paragraphs.append(words.joined(separator: " "))
                words = []
            }
            words += found
        }
        if !words.isEmpty { paragraphs.append(words.joined(separator: " ")) }
        self.paragraphs = paragraphs
    }

    /// The first sentence, for lists; empty for no comment.
    var firstSentence: String {
        guard let first = paragraphs.first else { return "" }
        var sentence = ""
        var previous: Character?
        for character in first {
            // A full stop ends a sentence only before a space: "v1.Info" and "2.2" go on.
            if character == " ", previous == "." { break }
            sentence.append(character)
            previous = character
        }
        return sentence
    }

    /// All of it on one line.
    var line: String { paragraphs.joined(separator: " ") }
}
