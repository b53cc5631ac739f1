/// A reader of the fixed-width decimal fields of ISO 8601 and POSIX texts, and their writer.
struct Digits {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    /// The next byte, not taken.
    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// Takes the byte when it is the next one.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next = peek, UInt32(next) == character.value else { return false }
        index += 1
        return true
    }

    mutating func takeDigit() -> Int? {
        guard let next = peek, (48...57).contains(next) else { return nil }
        index += 1
        return Int(next) - 48
    }

    /// Exactly `width` digits.
    mutating func number(width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = takeDigit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// One to `widthMax` digits; nil when there is none, or one more than that.
    mutating func number(widthMax: Int) -> Int? {
        guard var value = takeDigit() else { return nil }
        for _ in 1..<widthMax {
            guard let digit = takeDigit() else { return value }
            value = value * 10 + digit
        }
        if let next = peek, (48...57).contains(next) { return nil }
        return value
    }

    /// The bytes up to the first that does not match, taken.
    mutating func take(while matches: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = index
        while let next = peek, matches(next) { index += 1 }
        return bytes[start..<index]
    }

    /// Appends `value` with zeros in front, at least `width` digits wide.
    static func append(_ value: UInt, width: Int, to text: inout String) {
        let digits = String(value)
        for _ in digits.utf8.count..<max(width, digits.utf8.count) { text += "0" }
        text += digits
    }
}
