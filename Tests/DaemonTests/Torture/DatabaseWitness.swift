import TestKit

/// Another program's view of a database that a killed daemon left: Python's SQLite, on a copy, since whoever opens a
/// database recovers it.
struct DatabaseWitness {
    /// Of the daemon's data.
    let folder: String
    /// Where the copy goes.
    let copy: String

    /// What is wrong with it, a line each.
    ///
    /// Beside SQLite's own checks: each registration has its events, once each, and the last of them says its state.
    func complaints() async throws -> [String] {
        let python = try ChildProcess(
            "/usr/bin/env", ["python3", "-c", Self.program, folder, copy], readsOutput: true)
        let code = try await python.exitCode()
        return python.lines + (code == 0 ? [] : ["python3 ended with \(code)"])
    }

    private static let program = """
        import os, shutil, sqlite3, sys
        folder, copy = sys.argv[1:]
        shutil.rmtree(copy, ignore_errors=True)
        os.makedirs(copy)
        for name in ("cordee.db", "cordee.db-wal"):
            if os.path.exists(f"{folder}/{name}"):
                shutil.copyfile(f"{folder}/{name}", f"{copy}/{name}")
        db = sqlite3.connect(f"{copy}/cordee.db")
        for (line,) in db.execute("PRAGMA integrity_check"):
            if line != "ok":
                print(line)
        for row in db.execute("PRAGMA foreign_key_check"):
            print("foreign key", row)
        events = {}
        for subject, kind in db.execute("SELECT subject, type FROM system_events ORDER BY seq"):
            if kind.startswith("workshops.registration."):
                events.setdefault(subject, []).append(kind.split(".")[2].upper())
        rows = db.execute('''
            SELECT 'boards/' || w.board_id || '/workshops/' || w.id || '/registrations/' || r.id, r.state
              FROM workshops_registrations AS r JOIN workshops_workshops AS w ON w.id = r.workshop_id''')
        for name, state in rows:
            kinds = events.pop(name, [])
            if len(set(kinds)) != len(kinds) or kinds[-1:] != [state]:
                print(name, "is", state, "after", kinds)
        for name, kinds in events.items():
            print(name, "has events but is not there:", kinds)
        """
}
