public import Store

/// A text in one or more languages, by language tag (RFC 5646); stored in one column.
///
/// The bytes are, for each language in the order of the tags: tag, 0, the text's length in bytes as decimal digits, 0,
/// text. So a text may hold anything, a NUL too.
public struct TextByLanguage: Sendable, Hashable, ColumnValue {
    public var texts: [String: String]

    public init(_ texts: [String: String]) { self.texts = texts }

    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try bytes.bind(to: statement, at: index)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) {
        guard let texts = Self.texts(in: try [UInt8](row: row, column: column)) else {
            throw row.mismatch(column, expected: "texts by language")
        }
        self.texts = texts
    }

    public var boundByteCount: Int { texts.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 4 } }

    var bytes: [UInt8] {
        texts.sorted { $0.key < $1.key }.flatMap { tag, text in
            tag.utf8 + [0] + String(text.utf8.count).utf8 + [0] + text.utf8
        }
    }

    /// Nil for bytes that `bytes` never gives.
    static func texts(in bytes: [UInt8]) -> [String: String]? {
        var rest = bytes[...]
        func part() -> String? {
            guard let end = rest.firstIndex(of: 0) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        var texts: [String: String] = [:]
        while !rest.isEmpty {
            guard let tag = part(), let count = part().flatMap({ Int($0) }), (0...rest.count).contains(count) else {
                return nil
            }
            texts[tag] = String(decoding: rest.prefix(count), as: UTF8.self)
            rest = rest.dropFirst(count)
        }
        return texts
    }
}
