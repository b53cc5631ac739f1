/// Reads a resource name from left to right, without copying more than its ids.
///
/// The `init?(_ text:)` of every generated name is made of it.
public struct ResourceNameReader {
    /// The most bytes of an id.
    public static let idBytesMax = 64

    private let text: Substring.UTF8View
    private var position: Substring.UTF8View.Index

    public init(_ text: String) {
        self.text = text[...].utf8
        position = self.text.startIndex
    }

    /// Whether all was read.
    public var isAtEnd: Bool { position == text.endIndex }

    /// Takes a fixed part, such as "/workshops/"; false if something else stands there.
    public mutating func skip(_ part: StaticString) -> Bool {
        part.withUTF8Buffer { bytes in
            var next = position
            for byte in bytes {
                guard next < text.endIndex, text[next] == byte else { return false }
                next = text.index(after: next)
            }
            position = next
            return true
        }
    }

    /// Takes one id, up to the next "/" or the end; nil if it is empty, too long or holds another sign.
    public mutating func id() -> String? {
        let start = position
        guard skipID() else { return nil }
        return String(Substring(text[start..<position]))
    }

    /// Passes over one id.
    mutating func skipID() -> Bool {
        var count = 0
        while position < text.endIndex, Self.isIDByte(text[position]) {
            count += 1
            position = text.index(after: position)
        }
        return (1...Self.idBytesMax).contains(count)
    }

    /// Letters, digits and `.`, `_`, `~`, `-`: what needs no escape in a URI (RFC 3986 §2.3).
    static func isIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
