/// The one text or language that fits a reader best: lookup by RFC 4647 §3.4.
public enum Lookup {
    /// The first of the available tags that a range stands for, each range from the whole to its beginning.
    ///
    /// - Parameters:
    ///   - ranges: what the reader asks for, the best first: "fr-CA", "en".
    ///   - available: tags, compared without regard to case.
    ///   - fallback: what is given when nothing fits.
    public static func best<Tags: Collection<String>>(
        _ ranges: [String], in available: Tags, default fallback: String = "fr"
    ) -> String {
        for range in ranges {
            var range = range.lowercased()[...]
            while !range.isEmpty {
                if let tag = available.first(where: { $0.lowercased() == range }) { return tag }
                range = shortened(range)
            }
        }
        return fallback
    }

    /// The text for a reader of a map from language tag to text: by lookup, else French, else the first by tag.
    public static func text(_ ranges: [String], in texts: [String: String], default fallback: String = "fr") -> String?
    {
        texts[best(ranges, in: texts.keys, default: fallback)] ?? texts.min { $0.key < $1.key }?.value
    }

    /// Without its last part, and without a single letter or digit that then stands at the end (RFC 4647 §3.4).
    private static func shortened(_ range: Substring) -> Substring {
        guard let cut = range.lastIndex(of: "-") else { return "" }
        let rest = range[..<cut]
        let last = rest.lastIndex(of: "-").map { rest[rest.index(after: $0)...] } ?? rest
        return last.count == 1 ? shortened(rest) : rest
    }
}
