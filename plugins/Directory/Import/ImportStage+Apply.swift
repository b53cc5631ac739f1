import DirectoryAPI
import ModuleKit

extension ImportStage {
    /// Brings the staged rows in. What frees a name, an address or a main place comes before what may take it.
    func apply(_ call: WriteCall) throws {
        try applyOrgs(call.db)
        try call.db.execute(
            """
            DELETE FROM directory_assignments
             WHERE id IN (SELECT id FROM directory_import_places WHERE import_id = ?1 AND side = 'A' AND op = 'E')
            """,
            id)
        try applyPeople(call.db)
        try applyPlaces(call.db)
    }

    private func applyOrgs(_ db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_orgs (
                id, board_id, parent_id, source_id, kind, title, zone, locality, is_remote, is_active, sort_key,
                revision, created_at)
            SELECT id, board_id, parent_id, source_id, kind, title, zone, locality, is_remote, is_active, sort_key,
                   revision, created_at
              FROM directory_import_orgs
             WHERE import_id = ?1 AND side = 'A' AND op = 'N'
             ORDER BY id
            """,
            id)
        try db.execute(
            """
            UPDATE directory_orgs
               SET parent_id = s.parent_id, kind = s.kind, title = s.title, zone = s.zone, locality = s.locality,
                   is_remote = s.is_remote, is_active = s.is_active, sort_key = s.sort_key,
                   revision = directory_orgs.revision + 1
              FROM directory_import_orgs AS s
             WHERE s.import_id = ?1 AND s.side = 'A' AND s.op = 'C' AND s.id = directory_orgs.id
            """,
            id)
    }

    private func applyPeople(_ db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_people
               SET state = 'LEFT', revision = revision + 1
             WHERE id IN (SELECT id FROM directory_import_people WHERE import_id = ?1 AND side = 'A' AND op = 'L')
            """,
            id)
        try db.execute(
            """
            UPDATE directory_people
               SET email_key = NULL
             WHERE id IN (
                   SELECT id FROM directory_import_people
                    WHERE import_id = ?1 AND side = 'A' AND op = 'C' AND frees_email = 1)
            """,
            id)
        try change(db)
        try db.execute(
            """
            UPDATE directory_people
               SET state = 'INVITED'
             WHERE id IN (SELECT id FROM directory_import_people WHERE import_id = ?1 AND side = 'A' AND op = 'N')
            """,
            id)
    }

    /// An index costs most: columns that are in one are written for those people alone whose values differ.
    private func change(_ db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_people
               SET given_name = s.given_name, family_name = s.family_name, preferred_name = s.preferred_name,
                   username = s.username, email = s.email, languages = s.languages, staff_role = s.staff_role,
                   revision = directory_people.revision + 1
              FROM directory_import_people AS s
             WHERE s.import_id = ?1 AND s.side = 'A' AND s.op = 'C' AND s.id = directory_people.id
            """,
            id)
        try db.execute(
            """
            UPDATE directory_people
               SET sort_key = s.sort_key
              FROM directory_import_people AS s
             WHERE s.import_id = ?1 AND s.side = 'A' AND s.op = 'C' AND s.is_renamed = 1
               AND s.id = directory_people.id
            """,
            id)
        try db.execute(
            """
            UPDATE directory_people
               SET source_id = s.source_id, email_key = s.email_key, state = s.state
              FROM directory_import_people AS s
             WHERE s.import_id = ?1 AND s.side = 'A' AND s.op = 'C' AND s.is_rekeyed = 1
               AND s.id = directory_people.id
            """,
            id)
    }

    private func applyPlaces(_ db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_assignments
               SET is_primary = 0
             WHERE id IN (
                   SELECT id FROM directory_import_places
                    WHERE import_id = ?1 AND side = 'A' AND op = 'C' AND is_primary = 0)
            """,
            id)
        try db.execute(
            """
            UPDATE directory_assignments
               SET is_primary = s.is_primary, end_on = s.end_on, source_id = s.source_id, share = s.share,
                   is_secondment = s.is_secondment
              FROM directory_import_places AS s
             WHERE s.import_id = ?1 AND s.side = 'A' AND s.op = 'C' AND s.id = directory_assignments.id
            """,
            id)
        try db.execute(
            """
            INSERT INTO directory_assignments (
                id, person_id, org_id, role, is_primary, begin_on, end_on, source_id, share, is_secondment)
            SELECT id, worker, org_id, role, is_primary, begin_on, end_on, source_id, share, is_secondment
              FROM directory_import_places
             WHERE import_id = ?1 AND side = 'A' AND op = 'N'
             ORDER BY id
            """,
            id)
    }
}
