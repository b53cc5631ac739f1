/// Finds texts by the beginnings of their words, without regard to accents, œ or æ, capitals.
///
/// A module declares one as a constant, puts `creation` among its migrations, and calls `put` and `remove` in the write
/// body that changes the text. (FTS5 with its content in a table of ours: SQLite 3.40 cannot delete from a contentless
/// one, and triggers on it are refused under `trusted_schema = OFF`.)
public struct SearchIndex: Sendable {
    private let name: String
    private let findDocument, insertDocument, updateDocument, deleteDocument: SQL
    private let insertTerms, deleteTerms, rebuildTerms, matchTerms: SQL

    /// - Parameter name: of its tables, beginning with the module's: `directory_people_search`.
    public init(_ name: StaticString) {
        let name = "\(name)"
        precondition(name.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "_") })
        self.name = name
        findDocument = SQL(composed: "SELECT doc, terms FROM \(name)_docs WHERE id = ?1")
        insertDocument = SQL(composed: "INSERT INTO \(name)_docs (id, terms) VALUES (?1, ?2) RETURNING doc")
        updateDocument = SQL(composed: "UPDATE \(name)_docs SET terms = ?2 WHERE doc = ?1")
        deleteDocument = SQL(composed: "DELETE FROM \(name)_docs WHERE doc = ?1")
        insertTerms = SQL(composed: "INSERT INTO \(name) (rowid, terms) VALUES (?1, ?2)")
        deleteTerms = SQL(composed: "INSERT INTO \(name) (\(name), rowid, terms) VALUES ('delete', ?1, ?2)")
        rebuildTerms = SQL(composed: "INSERT INTO \(name) (\(name)) VALUES ('rebuild')")
        matchTerms = SQL(
            composed: """
                SELECT id FROM \(name) JOIN \(name)_docs ON doc = \(name).rowid
                 WHERE \(name) MATCH ?1 ORDER BY \(name).rowid LIMIT ?2
                """)
    }

    /// The table of its texts.
    var documents: PersonalTable { PersonalTable(checked: "\(name)_docs") }

    /// The migration that makes its tables.
    public var creation: Migration {
        Migration(
            "search-\(name)",
            """
            CREATE TABLE \(name)_docs (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, terms TEXT NOT NULL) STRICT;
            CREATE VIRTUAL TABLE \(name) USING fts5(
                terms, content = '\(name)_docs', content_rowid = 'doc',
                tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
            """)
    }

    /// Makes `id` found by the words of `text`, and by no others.
    public func put(_ id: String, _ text: String, in db: Transaction) throws {
        let terms = Fold.searchTerms(text).joined(separator: " ")
        if let known = try document(id, in: db) {
            guard known.terms != terms else { return }
            try db.execute(deleteTerms, known.doc, known.terms)
            try db.execute(updateDocument, known.doc, terms)
            try db.execute(insertTerms, known.doc, terms)
        } else if let doc: Int64 = try db.value(insertDocument, id, terms) {
            try db.execute(insertTerms, doc, terms)
        }
    }

    /// Makes `id` not found any more; nothing happens when it was not there.
    public func remove(_ id: String, in db: Transaction) throws {
        guard let known = try document(id, in: db) else { return }
        try db.execute(deleteTerms, known.doc, known.terms)
        try db.execute(deleteDocument, known.doc)
    }

    /// The ids whose text has, for each word of `words`, a word that begins so; in the order in which they were first
    /// put. No words find nothing.
    public func match(_ words: String, limit: Int, in db: some Queryable) throws -> [String] {
        // A folded term holds letters and digits only: quoted it is a plain string to FTS5, never an operator.
        let terms = Fold.searchTerms(words).map { "\"\($0)\"*" }
        guard !terms.isEmpty else { return [] }
        return try db.query(matchTerms, terms.joined(separator: " AND "), limit) { row in try row.get(0) }
    }

    /// Whether `match` finds a text by these words, told without the index.
    public static func finds(_ words: String, in text: String) -> Bool {
        let terms = Fold.searchTerms(text)
        let wanted = Fold.searchTerms(words)
        return !wanted.isEmpty && wanted.allSatisfy { word in terms.contains { $0.hasPrefix(word) } }
    }

    /// Writes the index anew from the texts, so that nothing of removed ones lingers in its pages.
    public func rebuild(in db: Transaction) throws { try db.execute(rebuildTerms) }

    private func document(_ id: String, in db: Transaction) throws -> (doc: Int64, terms: String)? {
        try db.first(findDocument, id) { row in (doc: try row.get(0), terms: try row.get(1)) }
    }
}
