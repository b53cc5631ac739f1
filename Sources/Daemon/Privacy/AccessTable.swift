import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

/// Who saw what about whom (DESIGN §6): a row for each call that showed people's data to somebody else, and a row for
/// each person shown, by which the person finds it. The log of events has no part in it: it may be deleted after its
/// time, and nobody but these people is concerned.
enum AccessTable {
    static let creation = Migration(
        "accesses",
        """
        CREATE TABLE system_accesses (
            seq           INTEGER PRIMARY KEY,
            at            INTEGER NOT NULL,
            reader_id     TEXT,
            reader_board  TEXT,
            method        TEXT NOT NULL
        ) STRICT;

        CREATE TABLE system_access_subjects (
            access_seq  INTEGER NOT NULL REFERENCES system_accesses (seq) ON DELETE CASCADE,
            person_id   TEXT NOT NULL,
            -- Behind the key's columns: SQLite 3.40's checks take any other order of a table WITHOUT ROWID for damage.
            board_id    TEXT NOT NULL,
            PRIMARY KEY (access_seq, person_id)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX system_access_subjects_by_person ON system_access_subjects (person_id, access_seq);
        """)

    struct Row: Sendable {
        var seq: Int64
        var at: Timestamp
        /// The reader's id and board.
        var reader: (id: String, board: String)?
        var method: String
        var subject: PersonRef
    }

    static func insert(
        _ subjects: Set<PersonRef>, by reader: Caller, method: String, at now: Timestamp, in db: Transaction
    ) throws {
        let seq = try db.value(
            """
            INSERT INTO system_accesses (at, reader_id, reader_board, method) VALUES (?1, ?2, ?3, ?4) RETURNING seq
            """,
            now, reader.principal, reader.homeBoard, method, as: Int64.self)
        for subject in subjects {
            try db.execute(
                "INSERT INTO system_access_subjects (access_seq, board_id, person_id) VALUES (?1, ?2, ?3)",
                seq, subject.board, subject.person)
        }
    }

    /// Deletes the oldest rows from before an instant, at most so many.
    ///
    /// - Returns: how many.
    @discardableResult
    static func prune(before limit: Timestamp, rowsMax: Int, in db: Transaction) throws -> Int {
        try db.execute(
            """
            DELETE FROM system_accesses
             WHERE seq IN (SELECT seq FROM system_accesses ORDER BY seq LIMIT ?2) AND at < ?1
            """,
            limit, rowsMax)
    }

    /// Who saw a person's data, the latest first, before a place in the list.
    static func list(
        of person: String, before seq: Int64, from start: Timestamp = .min, to end: Timestamp = .max, limit: Int,
        in db: some Queryable
    ) throws -> [Row] {
        try db.query(
            """
            SELECT a.seq, a.at, a.reader_id, a.reader_board, a.method, s.board_id
              FROM system_access_subjects AS s                        -- index: system_access_subjects_by_person
              JOIN system_accesses AS a ON a.seq = s.access_seq
             WHERE s.person_id = ?1 AND s.access_seq < ?2 AND a.at >= ?4 AND a.at < ?5
             ORDER BY s.access_seq DESC
             LIMIT ?3
            """,
            person, seq, limit, start, end
        ) { row in
            let (id, board) = (try row.get(2, String?.self), try row.get(3, String?.self))
            return Row(
                seq: try row.get(0), at: try row.get(1),
                reader: id.flatMap { id in board.map { (id, $0) } }, method: try row.get(4),
                subject: PersonRef(board: try row.get(5), person: person))
        }
    }
}

extension CordeeSystem_RecordedAccess {
    init(_ row: AccessTable.Row, displayName: String) {
        self = .with {
            $0.person = row.subject.name
            $0.reader = row.reader.map { PrincipalName.of($0.id, board: $0.board) } ?? ""
            $0.readerDisplayName = displayName
            $0.method = row.method
            $0.accessTime = Google_Protobuf_Timestamp(row.at)
        }
    }
}
