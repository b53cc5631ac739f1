import CICU

/// Makes texts comparable for search: small letters, no accents, œ and æ as two letters.
public enum Fold {
    /// `text` folded, all else unchanged: "Œuvre d’été" → "oeuvre d’ete".
    public static func text(_ text: String) -> String {
        let lower = text.lowercased()
        if lower.utf8.allSatisfy({ $0 < 0x80 }) { return lower }
        var folded = String.UnicodeScalarView()
        for scalar in decomposed(lower).unicodeScalars {
            switch scalar {
            case "œ": folded.append(contentsOf: "oe".unicodeScalars)
            case "æ": folded.append(contentsOf: "ae".unicodeScalars)
            case "ß": folded.append(contentsOf: "ss".unicodeScalars)
            case "ø": folded.append("o")
            default: if scalar.properties.generalCategory != .nonspacingMark { folded.append(scalar) }
            }
        }
        return String(folded)
    }

    /// The words of `text`, folded: what lies between anything but letters and digits.
    public static func searchTerms(_ text: String) -> [String] {
        Self.text(text).split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Canonical decomposition (NFD): an accent becomes a scalar of its own. The text itself if ICU has no data.
    private static func decomposed(_ text: String) -> String {
        let source = Array(text.utf16)
        // No scalar's decomposition is longer than four times itself in UTF-16 (Unicode's stability policy).
        var target = [UInt16](repeating: 0, count: source.count * 4 + 4)
        let count = unsafe source.withUnsafeBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target in
                unsafe cordee_nfd(
                    source.baseAddress, Int32(source.count), target.baseAddress, Int32(target.count))
            }
        }
        guard count >= 0, count <= target.count else { return text }
        return String(decoding: target.prefix(Int(count)), as: UTF16.self)
    }
}
