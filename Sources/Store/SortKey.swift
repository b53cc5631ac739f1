/// Bytes whose order is the order of names in fr-CA: cote, côte, coté, côté. Kept in a `sort_key` column.
public struct SortKey {
    /// Which rules made the keys; the database remembers it, and keys are made anew when it changes.
    public static let version = Collator.shared.map { "fr-CA/1/\($0.version)" } ?? "bytes/1"

    /// The key of `text`.
    public static func make(_ text: String) -> [UInt8] { make([text]) }

    /// The key of several texts, of which the first counts most: family name, given name, id.
    public static func make(_ texts: [String]) -> [UInt8] {
        // No key holds a zero byte, so that the shorter of two first texts stays the smaller.
        Array(texts.map(key).joined(separator: [0]))
    }

    private static func key(_ text: String) -> [UInt8] {
        // Without ICU's data (a damaged installation): the order of folded text, with a version of its own.
        Collator.shared?.key(text) ?? Fold.text(text).utf8.filter { $0 != 0 }
    }
}
