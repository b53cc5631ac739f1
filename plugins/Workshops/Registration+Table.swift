import ModuleKit
import WorkshopsAPI

extension Registration {
    static func find(_ name: RegistrationName, in db: some Queryable) throws -> Registration? {
        try db.first(
            """
            SELECT r.id, r.workshop_id, r.person_id, r.state, r.is_remote, r.join_seq, r.revision, r.created_at,
                   (SELECT COALESCE(SUM(a.minutes), 0) FROM workshops_attendance AS a WHERE a.registration_id = r.id)
              FROM workshops_registrations AS r
             WHERE r.id = ?1 AND r.workshop_id = ?2
            """,
            name.registration, name.workshop
        ) { row in try Registration(row, board: name.board) }
    }

    /// All registrations of a person, in all workshops.
    static func all(of person: String, in db: some Queryable) throws -> [Registration] {
        try db.query(
            """
            SELECT r.id, r.workshop_id, r.person_id, r.state, r.is_remote, r.join_seq, r.revision, r.created_at,
                   (SELECT COALESCE(SUM(a.minutes), 0) FROM workshops_attendance AS a WHERE a.registration_id = r.id),
                   w.board_id
              FROM workshops_registrations AS r                       -- index: workshops_registrations_by_person
              JOIN workshops_workshops AS w ON w.id = r.workshop_id
             WHERE r.person_id = ?1
             ORDER BY r.id
            """,
            person
        ) { row in try Registration(row, board: try row.get(9)) }
    }

    /// The registration of a person that holds a place or waits.
    static func active(of person: String, in workshop: WorkshopName, in db: some Queryable) throws -> String? {
        try db.value(
            """
            SELECT id
              FROM workshops_registrations                            -- index: workshops_registrations_active
             WHERE workshop_id = ?1 AND person_id = ?2 AND state IN ('CONFIRMED', 'WAITLISTED')
            """,
            workshop.workshop, person)
    }

    /// Registrations of a workshop that come after a turn, in the order of joining.
    ///
    /// - Parameter person: only this person's; nil for everybody's.
    static func list(
        _ workshop: WorkshopName, person: String?, showFinal: Bool, after turn: Int64, limit: Int,
        in db: some Queryable
    ) throws -> [Registration] {
        try db.query(
            """
            SELECT r.id, r.workshop_id, r.person_id, r.state, r.is_remote, r.join_seq, r.revision, r.created_at,
                   (SELECT COALESCE(SUM(a.minutes), 0) FROM workshops_attendance AS a WHERE a.registration_id = r.id)
              FROM workshops_registrations AS r                       -- index: workshops_registrations_by_turn
             WHERE r.workshop_id = ?1
               AND r.join_seq > ?2
               AND (?3 IS NULL OR r.person_id = ?3)
               AND (?4 = 1 OR r.state NOT IN ('WITHDRAWN', 'CANCELLED_BY_ORGANISER'))
             ORDER BY r.join_seq
             LIMIT ?5
            """,
            workshop.workshop, turn, person, showFinal, limit
        ) { row in try Registration(row, board: workshop.board) }
    }

    /// Whoever has waited longest.
    static func firstWaiting(
        in workshop: WorkshopName, remoteOnly: Bool, in db: some Queryable
    ) throws -> Registration? {
        try db.first(
            """
            SELECT id, workshop_id, person_id, state, is_remote, join_seq, revision, created_at, 0
              FROM workshops_registrations                            -- index: workshops_registrations_waiting
             WHERE workshop_id = ?1 AND state = 'WAITLISTED' AND is_remote >= ?2
             ORDER BY join_seq
             LIMIT 1
            """,
            workshop.workshop, remoteOnly
        ) { row in try Registration(row, board: workshop.board) }
    }

    /// The place in the waiting list, from 1; 0 for who does not wait.
    func rank(in db: some Queryable) throws -> Int {
        guard state == .waitlisted else { return 0 }
        let before: Int? = try db.value(
            """
            SELECT COUNT(*)
              FROM workshops_registrations                            -- index: workshops_registrations_waiting
             WHERE workshop_id = ?1 AND state = 'WAITLISTED' AND join_seq < ?2
            """,
            name.workshop, turn)
        return (before ?? 0) + 1
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO workshops_registrations (
                id, workshop_id, person_id, state, is_remote, join_seq, revision, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            name.registration, name.workshop, person, state, isRemote, turn, revision, createdAt)
    }

    /// Writes the state, as the next revision.
    mutating func save(in db: Transaction) throws {
        revision += 1
        try db.execute(
            "UPDATE workshops_registrations SET state = ?2, revision = ?3 WHERE id = ?1",
            name.registration, state, revision)
    }

    /// Records the minutes of one session, over what was recorded before.
    mutating func record(minutes recorded: Int, session: Int, of workshop: Workshop, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO workshops_attendance (registration_id, session, minutes)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (registration_id, session) DO UPDATE SET minutes = excluded.minutes
            """,
            name.registration, session, recorded)
        let sessions = try db.query(
            "SELECT minutes FROM workshops_attendance WHERE registration_id = ?1", name.registration
        ) { row in try row.get(0, Int.self) }
        minutes = sessions.reduce(0, +)
        settle(recordedSessions: sessions.count, of: workshop)
        try save(in: db)
    }

    private init(_ row: borrowing Row, board: String) throws {
        name = RegistrationName(board: board, workshop: try row.get(1), registration: try row.get(0))
        person = try row.get(2)
        state = try row.get(3)
        isRemote = try row.get(4)
        turn = try row.get(5)
        revision = try row.get(6)
        createdAt = try row.get(7)
        minutes = try row.get(8)
    }
}
