import ModuleKit

extension Schema {
    static let frameworks = Migration(
        "frameworks",
        """
        CREATE TABLE directory_frameworks (
            id            TEXT PRIMARY KEY,
            board_id      TEXT NOT NULL REFERENCES directory_orgs (id),
            identifier    TEXT NOT NULL,
            version       INTEGER NOT NULL,
            title         BLOB NOT NULL,
            publisher     TEXT NOT NULL,
            creator       TEXT NOT NULL,
            summary       TEXT NOT NULL,
            language      TEXT NOT NULL,
            uri           TEXT NOT NULL,
            competencies  INTEGER NOT NULL,
            state         TEXT NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED', 'RETIRED')),
            published_at  INTEGER,
            revision      INTEGER NOT NULL,
            created_at    INTEGER NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX directory_frameworks_by_version ON directory_frameworks (board_id, identifier, version);
        CREATE UNIQUE INDEX directory_frameworks_published
            ON directory_frameworks (board_id, identifier) WHERE state = 'PUBLISHED';
        CREATE INDEX directory_frameworks_by_time ON directory_frameworks (board_id, created_at, id);

        CREATE TABLE directory_competencies (
            id            TEXT PRIMARY KEY,
            framework_id  TEXT NOT NULL REFERENCES directory_frameworks (id),
            identifier    TEXT NOT NULL,
            parent_id     TEXT REFERENCES directory_competencies (id),
            code          TEXT NOT NULL,
            text          BLOB NOT NULL,
            language      TEXT NOT NULL,
            uri           TEXT NOT NULL,
            position      INTEGER,
            placement     TEXT,
            list_order    INTEGER NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX directory_competencies_by_order ON directory_competencies (framework_id, list_order);
        CREATE INDEX directory_competencies_by_identifier ON directory_competencies (identifier);

        CREATE TABLE directory_alignments (
            id             TEXT PRIMARY KEY,
            framework_id   TEXT NOT NULL REFERENCES directory_frameworks (id),
            competency_id  TEXT NOT NULL REFERENCES directory_competencies (id),
            identifier     TEXT NOT NULL,
            type           TEXT NOT NULL,
            destination    TEXT NOT NULL,
            uri            TEXT NOT NULL
        ) STRICT;

        CREATE INDEX directory_alignments_by_framework ON directory_alignments (framework_id, id);
        CREATE INDEX directory_alignments_by_competency ON directory_alignments (competency_id, id);
        """)
}
