public import Store

/// A text in one or more languages, by language tag (RFC 5646); stored in one column.
///
/// The bytes are tag, 0, text, 0 for each language in the order of the tags. A NUL cannot occur in either: the wire
/// refuses it in tags, and in texts it is left out.
public struct TextByLanguage: Sendable, Hashable, ColumnValue {
    public var texts: [String: String]

    public init(_ texts: [String: String]) { self.texts = texts }

    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try bytes.bind(to: statement, at: index)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) {
        let parts = try [UInt8](row: row, column: column).split(separator: 0, omittingEmptySubsequences: false)
        texts = [:]
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            texts[String(decoding: parts[index], as: UTF8.self)] = String(decoding: parts[index + 1], as: UTF8.self)
        }
    }

    public var boundByteCount: Int { texts.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 } }

    private var bytes: [UInt8] {
        texts.sorted { $0.key < $1.key }.flatMap { tag, text in
            tag.utf8 + [0] + text.utf8.filter { $0 != 0 } + [0]
        }
    }
}
