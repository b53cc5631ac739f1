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

        CREATE INDEX system_jobs_by_turn ON system_jobs (try_at, kind, job_key) WHERE is_aside = 0;
        """)

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
    }

    func unschedule(_ kind: String, key: String, in db: Transaction) throws {
        try db.execute("DELETE FROM system_jobs WHERE kind = ?1 AND job_key = ?2", kind, key)
    }
}
