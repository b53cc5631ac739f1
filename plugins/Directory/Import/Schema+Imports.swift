import ModuleKit

extension Schema {
    /// Imports and what they are about to write, or have replaced.
    ///
    /// The rows of one import stand in slices: side `A` holds rows as they are to be, until they are written; side `B` as
    /// they were, until the import can no longer be reverted. `op`: `N` new, `C` changed, `L` who leaves, `E` a place
    /// that ends, `M` somebody of whom only places change.
    static let imports = [
        Migration(
            "assignment-extent",
            """
            ALTER TABLE directory_assignments ADD COLUMN source_id TEXT;
            ALTER TABLE directory_assignments ADD COLUMN share REAL CHECK (share BETWEEN 0 AND 1);
            ALTER TABLE directory_assignments ADD COLUMN is_secondment INTEGER NOT NULL DEFAULT 0
                CHECK (is_secondment IN (0, 1));
            """),
        Migration(
            "imports",
            """
            CREATE TABLE directory_imports (
                id            TEXT PRIMARY KEY,
                board_id      TEXT NOT NULL REFERENCES directory_orgs (id),
                boards        TEXT NOT NULL,
                version       TEXT NOT NULL,
                mode          TEXT NOT NULL,
                state         TEXT NOT NULL CHECK (state IN (
                    'RECEIVED', 'VALIDATED', 'REJECTED', 'APPLYING', 'APPLIED', 'FAILED', 'REVERTED')),
                counts        TEXT NOT NULL,
                problem_count INTEGER NOT NULL,
                started_by    TEXT,
                created_at    INTEGER NOT NULL,
                applied_at    INTEGER,
                revert_until  INTEGER,
                has_erased    INTEGER NOT NULL DEFAULT 0,
                reverts       TEXT
            ) STRICT;

            CREATE INDEX directory_imports_by_board ON directory_imports (board_id, id);

            CREATE TABLE directory_import_problems (
                import_id   TEXT NOT NULL REFERENCES directory_imports (id) ON DELETE CASCADE,
                place       INTEGER NOT NULL,
                code        TEXT NOT NULL,
                file        TEXT NOT NULL,
                line        INTEGER,
                column_name TEXT,
                text_fr     TEXT NOT NULL,
                text_en     TEXT NOT NULL,
                PRIMARY KEY (import_id, place)
            ) STRICT;

            CREATE TABLE directory_import_orgs (
                import_id   TEXT NOT NULL,
                side        TEXT NOT NULL CHECK (side IN ('A', 'B')),
                id          TEXT NOT NULL,
                op          TEXT NOT NULL,
                board_id    TEXT NOT NULL,
                parent_id   TEXT,
                source_id   TEXT NOT NULL,
                kind        TEXT NOT NULL,
                title       TEXT NOT NULL,
                zone        TEXT NOT NULL,
                locality    TEXT NOT NULL,
                is_remote   INTEGER NOT NULL,
                is_active   INTEGER NOT NULL,
                sort_key    BLOB NOT NULL,
                revision    INTEGER NOT NULL,
                created_at  INTEGER NOT NULL,
                PRIMARY KEY (import_id, side, id)
            ) STRICT;

            CREATE TABLE directory_import_people (
                import_id       TEXT NOT NULL,
                side            TEXT NOT NULL CHECK (side IN ('A', 'B')),
                id              TEXT NOT NULL,
                op              TEXT NOT NULL,
                frees_email     INTEGER NOT NULL,
                is_moved        INTEGER NOT NULL,
                is_pending      INTEGER NOT NULL,
                is_renamed      INTEGER NOT NULL DEFAULT 0,
                is_rekeyed      INTEGER NOT NULL DEFAULT 0,
                board_id        TEXT NOT NULL,
                source_id       TEXT,
                given_name      TEXT NOT NULL,
                family_name     TEXT NOT NULL,
                preferred_name  TEXT NOT NULL,
                username        TEXT NOT NULL,
                email           TEXT NOT NULL,
                email_key       TEXT,
                languages       TEXT NOT NULL,
                staff_role      TEXT NOT NULL,
                state           TEXT NOT NULL,
                sort_key        BLOB NOT NULL,
                revision        INTEGER NOT NULL,
                created_at      INTEGER NOT NULL,
                PRIMARY KEY (import_id, side, id)
            ) STRICT;

            CREATE INDEX directory_import_people_by_id ON directory_import_people (id);

            CREATE TABLE directory_import_places (
                import_id       TEXT NOT NULL,
                side            TEXT NOT NULL CHECK (side IN ('A', 'B')),
                id              TEXT NOT NULL,
                op              TEXT NOT NULL,
                worker          TEXT NOT NULL,
                org_id          TEXT NOT NULL,
                role            TEXT NOT NULL,
                is_primary      INTEGER NOT NULL,
                begin_on        TEXT,
                end_on          TEXT,
                source_id       TEXT,
                share           REAL,
                is_secondment   INTEGER NOT NULL,
                PRIMARY KEY (import_id, side, id)
            ) STRICT;

            CREATE INDEX directory_import_places_by_worker ON directory_import_places (worker);
            """),
    ]
}
