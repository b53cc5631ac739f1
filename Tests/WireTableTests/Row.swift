import TestKit
import Testing

/// One exchange of the table (Tests/Fixtures/wire/README.md).
struct Row: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        case send(WireBytes)
        /// Frames that come next: one, or several in any order.
        case receive([Expected])
        /// Reads nothing until the peer has closed the connection.
        case deaf
        /// The peer closes the connection.
        case closed
        /// We close it.
        case close
        /// What the client under test is told.
        case tell(String)
        /// What it must report about a call.
        case outcome(call: String, String)
    }

    struct Malformed: Error { let line: String }

    let name: String
    var rules: [String] = []
    var steps: [Step] = []
    /// Whether the row ends without a look at whether the connection still serves.
    var endsThere = false

    /// Whether the server under test must have bounds that a row reaches soon.
    var asksForLowLimits: Bool { name.hasPrefix("server-limits/") }

    var testDescription: String { name }

    /// The rows of one file.
    static func rows(in file: String) throws -> [Row] { try parse(try Fixture.text("wire/\(file).txt"), file) }

    static func parse(_ text: String, _ file: String) throws -> [Row] {
        var rows: [Row] = []
        for line in logicalLines(text) {
            let (word, rest) = split(line[...])
            switch word {
            case "row": rows.append(Row(name: "\(file)/\(rest)"))
            case "rule": rows[rows.count - 1].rules.append(String(rest))
            default: try rows[rows.count - 1].add(word, rest)
            }
        }
        return rows
    }

    /// Lines without comments, each with those that go on with it.
    private static func logicalLines(_ text: String) -> [String] {
        var lines: [String] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix(" "), let last = lines.popLast() {
                lines.append(withoutComment(last) + " " + line)
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }

    private static func withoutComment(_ line: String) -> String {
        var quote: Character?
        for index in line.indices {
            let character = line[index]
            if quote == nil, character == "#" { return String(line[..<index]) }
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                quote = character
            }
        }
        return line
    }

    private mutating func add(_ word: Substring, _ rest: Substring) throws {
        switch word {
        case ">": steps.append(.send(try WireBytes(rest)))
        case "<": steps.append(.receive([try Expected(rest)]))
        case "<~":
            let expected = try Expected(rest)
            if case .receive(let others) = steps.last, isUnordered {
                steps[steps.count - 1] = .receive(others + [expected])
            } else {
                steps.append(.receive([expected]))
            }
        case "deaf": steps.append(.deaf)
        case "closed": steps.append(.closed)
        case "close": steps.append(.close)
        case "hangup": break
        case "call", "send", "finish", "cancel": steps.append(.tell(try Self.command(word, rest)))
        case "message", "end", "error", "broken", "cancelled", "fails":
            let call = String(rest.prefix { $0 != " " })
            steps.append(.outcome(call: call, try Self.command(word, rest)))
        default: throw Malformed(line: "\(word) \(rest)")
        }
        isUnordered = word == "<~"
        endsThere = endsThere || ["closed", "close", "hangup"].contains(word)
    }

    private var isUnordered = false

    /// A line with its bytes as plain hex, as it is given to a client under test.
    private static func command(_ word: Substring, _ rest: Substring) throws -> String {
        let parts = rest.split(separator: " : ", maxSplits: 1)
        guard let words = parts.first else { throw Malformed(line: "\(word) \(rest)") }
        guard parts.count == 2 else { return "\(word) \(words)" }
        return "\(word) \(words) : \(try WireBytes(parts[1]).hex)"
    }

    static func split(_ line: Substring) -> (Substring, Substring) {
        let word = line.prefix { $0 != " " }
        return (word, line[word.endIndex...].drop { $0 == " " })
    }
}
