import ModuleKit

/// The module's tables, step by step. A step is never edited once it was released.
enum Schema {
    static let migrations = [
        Migration(
            "workshops",
            """
            CREATE TABLE workshops_workshops (
                id               TEXT PRIMARY KEY,
                board_id         TEXT NOT NULL,
                title            BLOB NOT NULL,
                summary          BLOB NOT NULL,
                mode             TEXT NOT NULL CHECK (mode IN ('IN_PERSON', 'ONLINE', 'HYBRID')),
                state            TEXT NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED', 'CANCELLED')),
                capacity         INTEGER NOT NULL CHECK (capacity > 0),
                remote_reserve   INTEGER NOT NULL CHECK (remote_reserve >= 0),
                waitlist_max     INTEGER NOT NULL CHECK (waitlist_max >= 0),
                taken            INTEGER NOT NULL CHECK (taken >= 0),
                taken_by_remote  INTEGER NOT NULL CHECK (taken_by_remote BETWEEN 0 AND taken),
                waiting          INTEGER NOT NULL CHECK (waiting >= 0),
                join_seq         INTEGER NOT NULL,
                start_at         INTEGER NOT NULL,
                end_at           INTEGER NOT NULL,
                revision         INTEGER NOT NULL,
                created_at       INTEGER NOT NULL
            ) STRICT;

            CREATE INDEX workshops_workshops_by_start ON workshops_workshops (board_id, start_at, id);

            CREATE TABLE workshops_sessions (
                workshop_id     TEXT NOT NULL REFERENCES workshops_workshops (id) ON DELETE CASCADE,
                number          INTEGER NOT NULL,
                start_local     TEXT NOT NULL,
                end_local       TEXT NOT NULL,
                zone            TEXT NOT NULL,
                start_at        INTEGER NOT NULL,
                end_at          INTEGER NOT NULL CHECK (end_at > start_at),
                room            TEXT NOT NULL,
                conference_uri  TEXT NOT NULL,
                PRIMARY KEY (workshop_id, number)
            ) STRICT;

            CREATE TABLE workshops_facilitators (
                workshop_id  TEXT NOT NULL REFERENCES workshops_workshops (id) ON DELETE CASCADE,
                person_id    TEXT NOT NULL,
                position     INTEGER NOT NULL,
                PRIMARY KEY (workshop_id, person_id)
            ) STRICT;

            CREATE TABLE workshops_registrations (
                id           TEXT PRIMARY KEY,
                workshop_id  TEXT NOT NULL REFERENCES workshops_workshops (id) ON DELETE CASCADE,
                person_id    TEXT NOT NULL,
                state        TEXT NOT NULL CHECK (state IN (
                    'CONFIRMED', 'WAITLISTED', 'WITHDRAWN', 'CANCELLED_BY_ORGANISER', 'ATTENDED', 'NO_SHOW')),
                is_remote    INTEGER NOT NULL CHECK (is_remote IN (0, 1)),
                join_seq     INTEGER NOT NULL,
                revision     INTEGER NOT NULL,
                created_at   INTEGER NOT NULL
            ) STRICT;

            CREATE UNIQUE INDEX workshops_registrations_by_turn ON workshops_registrations (workshop_id, join_seq);
            CREATE INDEX workshops_registrations_waiting
                ON workshops_registrations (workshop_id, join_seq, is_remote) WHERE state = 'WAITLISTED';
            CREATE UNIQUE INDEX workshops_registrations_active
                ON workshops_registrations (workshop_id, person_id) WHERE state IN ('CONFIRMED', 'WAITLISTED');

            CREATE TABLE workshops_attendance (
                registration_id  TEXT NOT NULL REFERENCES workshops_registrations (id) ON DELETE CASCADE,
                session          INTEGER NOT NULL,
                minutes          INTEGER NOT NULL CHECK (minutes >= 0),
                PRIMARY KEY (registration_id, session)
            ) STRICT;
            """),
        Migration(
            "by-person",
            """
            CREATE INDEX workshops_registrations_by_person ON workshops_registrations (person_id, id);
            CREATE INDEX workshops_facilitators_by_person ON workshops_facilitators (person_id, workshop_id);
            """),
        Migration(
            "competencies",
            """
            CREATE TABLE workshops_competencies (
                workshop_id  TEXT NOT NULL REFERENCES workshops_workshops (id) ON DELETE CASCADE,
                identifier   TEXT NOT NULL,
                name         TEXT NOT NULL,
                position     INTEGER NOT NULL,
                PRIMARY KEY (workshop_id, identifier)
            ) STRICT;
            """),
    ]
}
