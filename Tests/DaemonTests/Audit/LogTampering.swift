import Glibc
import TestKit
import Testing

/// What somebody does to the log of events who may write to the database and has no key.
enum LogTampering: String, CaseIterable, Sendable {
    case alteredRow, deletedRow, deletedAndRenumbered, swappedRows, cutTail, cutBeginning, forgedCheckpoint
    case recomputedWithoutKey, codesTakenAway

    /// Does it to a database.
    ///
    /// - Returns: the row that the look through the log should name; 0 where it names none.
    func apply(to database: String) async throws -> Int {
        let process = try ChildProcess("/usr/bin/python3", ["-c", Self.program, database, rawValue])
        let line = try await process.line(with: "row=")
        #expect(try await process.exitCode() == 0)
        return Int(line.dropFirst(4)) ?? -1
    }

    /// The last lines compute codes as the daemon does, from its documented layout: an attacker knows it.
    private static let program = """
        import hashlib, hmac, os, sqlite3, struct, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None)
        kind = sys.argv[2]
        last = db.execute("SELECT max(seq) FROM system_events").fetchone()[0]
        row = last // 2
        assert row > 3
        def renumber(first, by):
            for (seq,) in db.execute("SELECT seq FROM system_events WHERE seq >= ? ORDER BY seq", (first,)).fetchall():
                db.execute("UPDATE system_events SET seq = ? WHERE seq = ?", (seq + by, seq))
        if kind == "alteredRow":
            db.execute("UPDATE system_events SET actor = 'somebody-else' WHERE seq = ?", (row,))
        elif kind == "deletedRow":
            db.execute("DELETE FROM system_events WHERE seq = ?", (row,))
        elif kind == "deletedAndRenumbered":
            db.execute("DELETE FROM system_events WHERE seq = ?", (row,))
            renumber(row + 1, -1)
        elif kind == "swappedRows":
            for old, new in ((row, -1), (row + 1, row), (-1, row + 1)):
                db.execute("UPDATE system_events SET seq = ? WHERE seq = ?", (new, old))
        elif kind == "cutTail":
            db.execute("DELETE FROM system_events WHERE seq > ?", (last - 2,))
            row = 0
        elif kind == "cutBeginning":
            db.execute("DELETE FROM system_events WHERE seq < ?", (row,))
            row = 1
        elif kind == "forgedCheckpoint":
            mac, at = db.execute("SELECT mac, at FROM system_events WHERE seq = ?", (row,)).fetchone()
            db.execute("DELETE FROM system_events WHERE seq <= ?", (row,))
            db.execute("INSERT INTO system_event_checkpoints VALUES (?, ?, ?, ?)", (row, mac, at, os.urandom(32)))
            row = 0
        elif kind == "codesTakenAway":
            db.execute("UPDATE system_events SET mac = NULL")
            row = 1
        elif kind == "recomputedWithoutKey":
            key = b"k" * 32
            (mac,) = db.execute("SELECT mac FROM system_events WHERE seq = ?", (row - 1,)).fetchone()
            db.execute("UPDATE system_events SET subject = 'nothing' WHERE seq = ?", (row,))
            part = lambda value: struct.pack(">q", len(value)) + value
            columns = "seq, at, type, actor, board, subject, person, audience, payload, part_digest"
            for r in db.execute(f"SELECT {columns} FROM system_events WHERE seq >= ? ORDER BY seq", (row,)).fetchall():
                text = part(b"event") + part(mac) + struct.pack(">qq", r[0], r[1])
                text += b"".join(part((value or "").encode()) for value in r[2:8])
                text += part(r[8]) + part(r[9] or b"")
                mac = hmac.new(key, text, hashlib.sha256).digest()
                db.execute("UPDATE system_events SET mac = ? WHERE seq = ?", (mac, r[0]))
        print(f"row={row}", file=sys.stderr, flush=True)
        """
}
