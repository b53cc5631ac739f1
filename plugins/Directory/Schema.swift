import ModuleKit

/// The module's tables, step by step. A step is never edited once it was released.
enum Schema {
    /// Finds people by the beginnings of their names; see `Person.searchText`.
    static let peopleSearch = SearchIndex("directory_people_search")

    static let migrations =
        [
            Migration(
                "directory",
                """
                CREATE TABLE directory_orgs (
                    id          TEXT PRIMARY KEY,
                    board_id    TEXT NOT NULL REFERENCES directory_orgs (id),
                    parent_id   TEXT REFERENCES directory_orgs (id),
                    source_id   TEXT NOT NULL,
                    kind        TEXT NOT NULL CHECK (kind IN ('BOARD', 'SCHOOL', 'SITE')),
                    title       TEXT NOT NULL,
                    zone        TEXT NOT NULL,
                    locality    TEXT NOT NULL,
                    is_remote   INTEGER NOT NULL CHECK (is_remote IN (0, 1)),
                    is_active   INTEGER NOT NULL CHECK (is_active IN (0, 1)),
                    sort_key    BLOB NOT NULL,
                    revision    INTEGER NOT NULL,
                    created_at  INTEGER NOT NULL,
                    CHECK ((kind = 'BOARD') = (id = board_id))
                ) STRICT;

                CREATE UNIQUE INDEX directory_orgs_by_source ON directory_orgs (board_id, source_id);
                CREATE UNIQUE INDEX directory_orgs_boards ON directory_orgs (source_id) WHERE kind = 'BOARD';
                CREATE INDEX directory_orgs_by_name ON directory_orgs (board_id, sort_key, id);

                CREATE TABLE directory_people (
                    id              TEXT PRIMARY KEY,
                    board_id        TEXT NOT NULL REFERENCES directory_orgs (id),
                    source_id       TEXT,
                    given_name      TEXT NOT NULL,
                    family_name     TEXT NOT NULL,
                    preferred_name  TEXT NOT NULL,
                    username        TEXT NOT NULL,
                    email           TEXT NOT NULL,
                    email_key       TEXT,
                    languages       TEXT NOT NULL,
                    staff_role      TEXT NOT NULL,
                    state           TEXT NOT NULL CHECK (state IN ('INVITED', 'ACTIVE', 'SUSPENDED', 'LEFT', 'ERASED')),
                    sort_key        BLOB NOT NULL,
                    revision        INTEGER NOT NULL,
                    created_at      INTEGER NOT NULL
                ) STRICT;

                CREATE UNIQUE INDEX directory_people_by_source ON directory_people (board_id, source_id);
                CREATE UNIQUE INDEX directory_people_by_email
                    ON directory_people (board_id, email_key) WHERE state IN ('INVITED', 'ACTIVE', 'SUSPENDED');
                CREATE INDEX directory_people_by_name ON directory_people (board_id, sort_key, id);

                CREATE TABLE directory_assignments (
                    id          TEXT PRIMARY KEY,
                    person_id   TEXT NOT NULL REFERENCES directory_people (id) ON DELETE CASCADE,
                    org_id      TEXT NOT NULL REFERENCES directory_orgs (id),
                    role        TEXT NOT NULL,
                    is_primary  INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
                    begin_on    TEXT,
                    end_on      TEXT
                ) STRICT;

                CREATE INDEX directory_assignments_by_person ON directory_assignments (person_id, is_primary, id);
                CREATE INDEX directory_assignments_by_org ON directory_assignments (org_id, person_id);
                CREATE UNIQUE INDEX directory_assignments_primary
                    ON directory_assignments (person_id) WHERE is_primary = 1;

                CREATE TABLE directory_grants (
                    id          TEXT PRIMARY KEY,
                    board_id    TEXT NOT NULL REFERENCES directory_orgs (id),
                    org_id      TEXT REFERENCES directory_orgs (id),
                    person_id   TEXT NOT NULL REFERENCES directory_people (id) ON DELETE CASCADE,
                    role        TEXT NOT NULL CHECK (role IN (
                        'FACILITATOR', 'TECHNOPEDAGOGUE', 'PRINCIPAL', 'BOARD_LEAD', 'EVALUATOR', 'MENTOR', 'MENTEE',
                        'COMMUNITY_LEAD', 'PRIVACY_OFFICER')),
                    start_at    INTEGER NOT NULL,
                    end_at      INTEGER CHECK (end_at >= start_at),
                    reason      TEXT NOT NULL,
                    granted_by  TEXT,
                    granted_at  INTEGER NOT NULL,
                    ended_by    TEXT,
                    end_reason  TEXT NOT NULL
                ) STRICT;

                CREATE INDEX directory_grants_by_person ON directory_grants (person_id);
                CREATE INDEX directory_grants_by_board ON directory_grants (board_id, granted_at, id);
                CREATE INDEX directory_grants_leads
                    ON directory_grants (board_id, person_id) WHERE role = 'BOARD_LEAD' AND org_id IS NULL;
                """),
            peopleSearch.creation,
            ErasedPeople.creation,
            frameworks,
            growth,
            Departed.index,
        ] + imports + [Person.suspension]
}
