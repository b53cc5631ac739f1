import ModuleKit
import Store

/// The jobs that wait, one row each (DESIGN §6): made and taken away in the writes that they belong to.
struct JobTable: JobBook {
    static let creation = Migration(
        "jobs",
        """
        CREATE TABLE system_jobs (
            kind     TEXT NOT NULL,
            job_key  TEXT NOT NULL,
            due_at   INTEGER NOT NULL,
            payload  BLOB NOT NULL,
            try_at   INTEGER NOT NULL,
            tries    INTEGER NOT NULL,
            failure  TEXT,
            is_aside INTEGER NOT NULL CHECK (is_aside IN (0, 1)),
            PRIMARY KEY (kind, job_key)
        ) STRICT;

        CREATE INDEX system_jobs_by_turn ON system_jobs (kind, try_at, job_key) WHERE is_aside = 0;
        CREATE INDEX system_jobs_failed ON system_jobs (kind, job_key) WHERE tries > 0;
        """)

    /// Rung when a job may be due earlier than was known.
    let alarm: Alarm

    func schedule(_ job: Job, at due: Timestamp, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO system_jobs (kind, job_key, due_at, payload, try_at, tries, is_aside)
            VALUES (?1, ?2, ?3, ?4, ?3, 0, 0)
                ON CONFLICT (kind, job_key) DO UPDATE
               SET due_at = excluded.due_at, payload = excluded.payload, try_at = excluded.try_at, tries = 0,
                   failure = NULL, is_aside = 0
            """,
            job.kind, job.key, due, job.payload)
        db.onCommit { [alarm] in alarm.ring() }
    }

    func unschedule(_ kind: String, key: String, in db: Transaction) throws {
        try db.execute("DELETE FROM system_jobs WHERE kind = ?1 AND job_key = ?2", kind, key)
    }
}

extension JobTable {
    /// Makes the one job of a kind that repeats itself, if it is new to the database, or was left far ahead by a clock
    /// that has been set back since.
    func begin(_ kind: String, every period: Duration, at now: Timestamp, in db: Transaction) throws {
        guard let row = try Self.find(kind, key: "", in: db) else {
            return try schedule(Job(kind, key: ""), at: now, in: db)
        }
        if row.due > now + period { try schedule(Job(kind, key: ""), at: now + period, in: db) }
    }

    /// A job as the runner and operators see it.
    struct Entry: Equatable {
        var kind: String
        var key: String
        var due: Timestamp
        var tryAt: Timestamp
        /// How often it has failed.
        var tries: Int
        var failure: String?
        var isAside: Bool

        init(_ row: borrowing Row) throws {
            (kind, key, due, tryAt) = (try row.get(0), try row.get(1), try row.get(2), try row.get(3))
            (tries, failure, isAside) = (try row.get(4), try row.get(5), try row.get(6))
        }
    }

    /// The jobs of a kind whose turn comes first.
    static func next(_ kind: String, limit: Int, in db: some Queryable) throws -> [Entry] {
        try db.query(
            """
            SELECT kind, job_key, due_at, try_at, tries, failure, is_aside
              FROM system_jobs                                          -- index: system_jobs_by_turn
             WHERE kind = ?1 AND is_aside = 0
             ORDER BY try_at, job_key
             LIMIT ?2
            """, kind, limit
        ) { try Entry($0) }
    }

    /// All jobs after a place in the order of kind and key.
    static func list(
        after place: (kind: String, key: String), limit: Int, failedOnly: Bool, in db: some Queryable
    ) throws -> [Entry] {
        guard failedOnly else {
            return try db.query(
                """
                SELECT kind, job_key, due_at, try_at, tries, failure, is_aside
                  FROM system_jobs                                      -- index: sqlite_autoindex_system_jobs_1
                 WHERE (kind, job_key) > (?1, ?2)
                 ORDER BY kind, job_key
                 LIMIT ?3
                """, place.kind, place.key, limit
            ) { try Entry($0) }
        }
        return try db.query(
            """
            SELECT kind, job_key, due_at, try_at, tries, failure, is_aside
              FROM system_jobs                                          -- index: system_jobs_failed
             WHERE tries > 0 AND (kind, job_key) > (?1, ?2)
             ORDER BY kind, job_key
             LIMIT ?3
            """, place.kind, place.key, limit
        ) { try Entry($0) }
    }

    static func find(_ kind: String, key: String, in db: some Queryable) throws -> Entry? {
        try db.first(
            """
            SELECT kind, job_key, due_at, try_at, tries, failure, is_aside
              FROM system_jobs
             WHERE kind = ?1 AND job_key = ?2
            """, kind, key
        ) { try Entry($0) }
    }

    /// Takes a job away that was to be done as `row` says; nil if it was moved, done or taken back meanwhile.
    static func take(_ row: Entry, in db: Transaction) throws -> Job? {
        let payload = try db.value(
            """
            DELETE FROM system_jobs
             WHERE kind = ?1 AND job_key = ?2 AND due_at = ?3 AND is_aside = 0
            RETURNING payload
            """, row.kind, row.key, row.due, as: [UInt8].self)
        return payload.map { Job(row.kind, key: row.key, payload: $0) }
    }

    /// A job failed.
    ///
    /// - Returns: the row as it is then; nil if it was moved, done or taken back meanwhile.
    static func fail(
        _ tried: Entry, _ failure: FailureText, _ perseverance: Perseverance, now: Timestamp, in db: Transaction
    ) throws -> Entry? {
        guard var row = try find(tried.kind, key: tried.key, in: db), row.due == tried.due, !row.isAside else {
            return nil
        }
        row.tries += 1
        row.failure = failure.text
        row.tryAt = now + perseverance.pause(afterFailures: row.tries)
        row.isAside = perseverance.isOver(afterFailures: row.tries)
        try db.execute(
            """
            UPDATE system_jobs
               SET tries = ?3, try_at = ?4, failure = ?5, is_aside = ?6
             WHERE kind = ?1 AND job_key = ?2
            """, row.kind, row.key, row.tries, row.tryAt, row.failure, row.isAside)
        return row
    }

    /// Has a job that failed done at once; false if there is none.
    func retry(_ kind: String, key: String, in db: Transaction) throws -> Bool {
        let count = try db.execute(
            """
            UPDATE system_jobs
               SET tries = 0, try_at = due_at, is_aside = 0
             WHERE kind = ?1 AND job_key = ?2 AND tries > 0
            """, kind, key)
        db.onCommit { [alarm] in alarm.ring() }
        return count == 1
    }

    /// Whether a job that failed is to be tried after an instant.
    static func isAnyAhead(of latest: Timestamp, in db: some Queryable) throws -> Bool {
        try db.value(
            """
            SELECT 1
              FROM system_jobs                                          -- index: system_jobs_failed
             WHERE tries > 0 AND is_aside = 0 AND try_at > ?1
             LIMIT 1
            """, latest, as: Int.self) != nil
    }

    /// Has what failed before a clock was set back tried within the longest pause of that clock.
    static func catchUp(latest: Timestamp, now: Timestamp, in db: Transaction) throws {
        try db.execute(
            "UPDATE system_jobs SET try_at = ?2 WHERE tries > 0 AND is_aside = 0 AND try_at > ?1", latest, now)
    }

    /// How many jobs have failed, and are set aside, by kind.
    static func failures(in db: some Queryable) throws -> [(kind: String, failed: Int, aside: Int)] {
        try db.query(
            """
            SELECT kind, COUNT(*), SUM(is_aside)
              FROM system_jobs                                          -- index: system_jobs_failed
             WHERE tries > 0
             GROUP BY kind
            """
        ) { (kind: try $0.get(0), failed: try $0.get(1), aside: try $0.get(2)) }
    }
}
