import ModuleKit

/// Who was erased while rosters named them, by a mark of what rosters call them: so that the next roster, which may lag
/// behind, does not bring them back.
///
/// Such a row of a roster is left out and told as a warning, ERASED_PERSON. The first bulk import into the board that
/// does not name the person any more takes the mark away: who comes after that is somebody who was hired anew. A person
/// whom no roster has named yet (a founding lead) is marked by the mail address instead.
enum ErasedPeople {
    static let creation = Migration(
        "erased",
        """
        CREATE TABLE directory_erased (
            board_id  TEXT NOT NULL REFERENCES directory_orgs (id),
            mark      BLOB NOT NULL,
            PRIMARY KEY (board_id, mark)
        ) STRICT;
        """)

    /// The mark of a person as rosters name them.
    static func mark(sourceID: String?, emailKey: String?, by pseudonyms: Pseudonyms) -> [UInt8]? {
        if let sourceID { return pseudonyms.mark(sourceID, for: "directory.source_id") }
        return emailKey.map { pseudonyms.mark($0, for: "directory.email") }
    }

    static func add(_ mark: [UInt8], board: String, in db: Transaction) throws {
        try db.execute(
            "INSERT INTO directory_erased (board_id, mark) VALUES (?1, ?2) ON CONFLICT DO NOTHING", board, mark)
    }

    static func marks(board: String, in db: some Queryable) throws -> Set<[UInt8]> {
        Set(try db.query("SELECT mark FROM directory_erased WHERE board_id = ?1", board) { row in try row.get(0) })
    }

    static func remove(_ mark: [UInt8], board: String, in db: Transaction) throws {
        try db.execute("DELETE FROM directory_erased WHERE board_id = ?1 AND mark = ?2", board, mark)
    }
}
