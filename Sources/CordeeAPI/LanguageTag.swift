/// A language tag: well-formed by RFC 5646 §2.1, which does not say that its parts are registered (§2.2.9).
public struct LanguageTag: Hashable, Sendable, LosslessStringConvertible {
    /// The tag in the letters that RFC 5646 §2.1.1 recommends: "fr-CA", "cr-Cans".
    public let description: String

    /// Nil if the text is not well-formed.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.bytesMax, Self.isWellFormed(text) else { return nil }
        description = Self.recommendedCase(text)
    }

    /// Longer texts are refused: RFC 5646 §4.4.1 asks for 35 bytes at least, the rest leaves room for private parts.
    public static let bytesMax = 100

    private static func recommendedCase(_ text: String) -> String {
        let lower = text.lowercased().split(separator: "-")
        var isAfterSingleton = false
        return lower.enumerated().map { index, part in
            defer { isAfterSingleton = isAfterSingleton || part.utf8.count == 1 }
            guard index > 0, !isAfterSingleton, part.first?.isLetter == true else { return String(part) }
            switch part.utf8.count {
            case 2: return part.uppercased()
            case 4: return part.prefix(1).uppercased() + part.dropFirst()
            default: return String(part)
            }
        }.joined(separator: "-")
    }
}

extension LanguageTag {
    static func isWellFormed(_ text: String) -> Bool {
        // An empty part is no letter or digit: every rule below refuses it.
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ (1...8).contains($0.count) && $0.allSatisfy(isAlphanumeric) }) else { return false }
        if grandfathered.contains(text.lowercased()) { return true }
        var rest = parts[...]
        if isSingleton(rest.first, "x") { return takePrivateUse(&rest) && rest.isEmpty }
        return takeLanguage(&rest) && takeExtensions(&rest) && takePrivateUse(&rest) && rest.isEmpty
    }

    private typealias Parts = ArraySlice<Substring.UTF8View>

    /// `langtag = language ["-" script] ["-" region] *("-" variant)`.
    private static func takeLanguage(_ rest: inout Parts) -> Bool {
        guard let language = rest.popFirst(), language.allSatisfy(isAlpha), language.count >= 2 else { return false }
        if language.count <= 3 {
            var extlangs = 0
            while extlangs < 3, let part = rest.first, part.count == 3, part.allSatisfy(isAlpha) {
                rest.removeFirst()
                extlangs += 1
            }
        }
        if let part = rest.first, part.count == 4, part.allSatisfy(isAlpha) { rest.removeFirst() }
        if let part = rest.first,
            part.count == 2 && part.allSatisfy(isAlpha) || part.count == 3 && part.allSatisfy(isDigit)
        {
            rest.removeFirst()
        }
        while let part = rest.first, part.count >= 5 || part.count == 4 && part.first.map(isDigit) == true {
            rest.removeFirst()
        }
        return true
    }

    /// `extension = singleton 1*("-" (2*8alphanum))`, any number of them.
    private static func takeExtensions(_ rest: inout Parts) -> Bool {
        while let part = rest.first, part.count == 1, !isSingleton(part, "x") {
            rest.removeFirst()
            guard rest.first.map({ $0.count >= 2 }) == true else { return false }
            rest = rest.drop { $0.count >= 2 }
        }
        return true
    }

    /// `privateuse = "x" 1*("-" (1*8alphanum))`, to the end.
    private static func takePrivateUse(_ rest: inout Parts) -> Bool {
        guard isSingleton(rest.first, "x") else { return true }
        defer { rest.removeAll() }
        return rest.count >= 2
    }

    private static func isSingleton(_ part: Substring.UTF8View?, _ letter: Unicode.Scalar) -> Bool {
        guard let part, part.count == 1, let byte = part.first else { return false }
        return byte | 0x20 == UInt8(ascii: letter)
    }

    private static func isAlpha(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isAlpha(byte) || isDigit(byte) }

    /// RFC 5646 §2.1, "irregular" and "regular": registered before there was a grammar.
    private static let grandfathered: Set<String> = [
        "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo",
        "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de", "art-lojban", "cel-gaulish",
        "no-bok", "no-nyn", "zh-guoyu", "zh-hakka", "zh-min", "zh-min-nan", "zh-xiang",
    ]
}
