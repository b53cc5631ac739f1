/// Steps through JSON without reading its values: linear, without recursion, and over any bytes at all.
///
/// It is laxer than JSON where that does not matter: it says where a value ends, not whether it is a good one.
struct JSONCursor {
    /// What cannot be stepped over.
    struct Malformed: Error {}

    let bytes: [UInt8]
    private(set) var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next byte that is not white space; nil at the end.
    mutating func peek() -> UInt8? {
        while index < bytes.count, " \t\r\n".utf8.contains(bytes[index]) { index += 1 }
        return index < bytes.count ? bytes[index] : nil
    }

    /// Steps over a sign if it is next.
    mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard let next = peek(), next == UInt8(ascii: sign) else { return false }
        index += 1
        return true
    }

    mutating func expect(_ sign: Unicode.Scalar) throws(Malformed) {
        guard take(sign) else { throw Malformed() }
    }

    /// Steps over a string, a number or a word; where it stands, quotes included.
    mutating func scalar() throws(Malformed) -> Range<Int> {
        guard let first = peek() else { throw Malformed() }
        if first == UInt8(ascii: "\"") { return try string() }
        let start = index
        while index < bytes.count, !"{}[],:\" \t\r\n".utf8.contains(bytes[index]) { index += 1 }
        guard index > start else { throw Malformed() }
        return start..<index
    }

    /// Steps over a string; where it stands, quotes included.
    mutating func string() throws(Malformed) -> Range<Int> {
        guard let quote = peek(), quote == UInt8(ascii: "\"") else { throw Malformed() }
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != quote { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        guard index < bytes.count else { throw Malformed() }
        index += 1
        return start..<index
    }
}
