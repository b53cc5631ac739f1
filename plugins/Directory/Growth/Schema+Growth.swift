import ModuleKit

extension Schema {
    /// A competency is kept by the identifier of its CASE item, which is the same in all versions of its framework.
    static let growth = Migration(
        "growth",
        """
        CREATE TABLE directory_self_levels (
            id          TEXT PRIMARY KEY,
            board_id    TEXT NOT NULL REFERENCES directory_orgs (id),
            person_id   TEXT NOT NULL REFERENCES directory_people (id) ON DELETE CASCADE,
            competency  TEXT NOT NULL,
            level       INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
            evidence    BLOB NOT NULL,
            revision    INTEGER NOT NULL,
            updated_at  INTEGER NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX directory_self_levels_by_person ON directory_self_levels (person_id, competency);

        CREATE TABLE directory_shares (
            id                   TEXT PRIMARY KEY,
            board_id             TEXT NOT NULL REFERENCES directory_orgs (id),
            person_id            TEXT NOT NULL REFERENCES directory_people (id) ON DELETE CASCADE,
            recipient_person_id  TEXT REFERENCES directory_people (id) ON DELETE CASCADE,
            org_id               TEXT REFERENCES directory_orgs (id),
            competencies         TEXT NOT NULL,
            until_at             INTEGER NOT NULL,
            created_at           INTEGER NOT NULL,
            CHECK ((recipient_person_id IS NULL) <> (org_id IS NULL))
        ) STRICT;

        CREATE INDEX directory_shares_by_person ON directory_shares (person_id, created_at, id);
        CREATE INDEX directory_shares_by_recipient ON directory_shares (recipient_person_id, created_at, id);
        CREATE INDEX directory_shares_by_org ON directory_shares (board_id, org_id, until_at) WHERE org_id IS NOT NULL;

        CREATE TABLE directory_needs (
            id            TEXT PRIMARY KEY,
            board_id      TEXT NOT NULL REFERENCES directory_orgs (id),
            person_id     TEXT NOT NULL REFERENCES directory_people (id) ON DELETE CASCADE,
            competency    TEXT NOT NULL,
            target_level  INTEGER NOT NULL CHECK (target_level BETWEEN 1 AND 4),
            why           TEXT NOT NULL,
            by_on         TEXT,
            state         TEXT NOT NULL CHECK (state IN ('OPEN', 'MET', 'DROPPED')),
            created_at    INTEGER NOT NULL,
            closed_at     INTEGER
        ) STRICT;

        CREATE INDEX directory_needs_by_person ON directory_needs (person_id, created_at, id);
        CREATE UNIQUE INDEX directory_needs_open ON directory_needs (person_id, competency) WHERE state = 'OPEN';
        CREATE INDEX directory_needs_by_competency ON directory_needs (board_id, competency) WHERE state = 'OPEN';

        CREATE TABLE directory_expertise (
            id          TEXT PRIMARY KEY,
            board_id    TEXT NOT NULL REFERENCES directory_orgs (id),
            person_id   TEXT NOT NULL REFERENCES directory_people (id) ON DELETE CASCADE,
            competency  TEXT NOT NULL,
            languages   TEXT NOT NULL,
            created_at  INTEGER NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX directory_expertise_by_person ON directory_expertise (person_id, competency);
        CREATE INDEX directory_expertise_by_time ON directory_expertise (board_id, created_at, id);
        """)
}
