/// Bytes as the table writes them: hex digits in pairs, texts in quotes, `61*64` for a byte that comes again.
struct WireBytes: Sendable, Equatable {
    struct Malformed: Error { let text: String }

    /// What is sent in one piece when bytes are sent one by one: a single byte, or a long run of the same.
    private(set) var pieces: [[UInt8]] = []

    var all: [UInt8] { joined(pieces) }

    /// The same without texts, blanks and comments.
    var hex: String { hexText(all) }

    /// - Parameter text: one line, which may end with a comment.
    init(_ text: some StringProtocol) throws {
        var rest = Substring(text)
        while let first = rest.first {
            switch first {
            case " ": rest.removeFirst()
            case "#": return
            case "\"", "'":
                guard let end = rest.dropFirst().firstIndex(of: first) else { throw Malformed(text: String(text)) }
                for byte in rest[..<end].dropFirst().utf8 { pieces.append([byte]) }
                rest = rest[end...].dropFirst()
            default:
                guard let byte = UInt8(rest.prefix(2), radix: 16) else { throw Malformed(text: String(text)) }
                rest = rest.dropFirst(2)
                append(byte, count: try Self.count(&rest))
            }
        }
    }

    private static func count(_ rest: inout Substring) throws -> Int {
        guard rest.first == "*" else { return 1 }
        let digits = rest.dropFirst().prefix { $0.isNumber }
        guard let count = Int(digits) else { throw Malformed(text: String(rest)) }
        rest = rest.dropFirst(1 + digits.count)
        return count
    }

    private mutating func append(_ byte: UInt8, count: Int) {
        if count > 64 {
            pieces.append([UInt8](repeating: byte, count: count))
        } else {
            for _ in 0..<count { pieces.append([byte]) }
        }
    }
}

/// One after the other; a loop, since a debug build is slow at `joined()` of millions.
func joined(_ pieces: [[UInt8]]) -> [UInt8] {
    var all: [UInt8] = []
    for piece in pieces { all += piece }
    return all
}

/// Bytes in the table's notation, without texts.
func hexText(_ bytes: [UInt8]) -> String {
    var text = ""
    var start = 0
    while start < bytes.count {
        var end = start + 1
        while end < bytes.count, bytes[end] == bytes[start] { end += 1 }
        let digits = (bytes[start] < 16 ? "0" : "") + String(bytes[start], radix: 16)
        text += end - start > 64 ? "\(digits)*\(end - start)" : String(repeating: digits, count: end - start)
        start = end
    }
    return text
}
