import ModuleKit
import WorkshopsAPI

extension Workshop: Resource {
    /// Drafts are seen by those who prepare them.
    var belonging: Belonging {
        Belonging(board: name.board, leaders: facilitators, isOpen: state != .draft)
    }

    static func find(_ name: WorkshopName, in db: some Queryable) throws -> Workshop? {
        let found = try db.first(
            """
            SELECT id, board_id, title, summary, mode, state, capacity, remote_reserve, waitlist_max, taken,
                   taken_by_remote, waiting, join_seq, revision, created_at
              FROM workshops_workshops
             WHERE id = ?1 AND board_id = ?2
            """,
            name.workshop, name.board
        ) { row in try Workshop(row) }
        let parts = try Parts(of: name.workshop, in: db)
        return found?.with(parts)
    }

    /// Workshops of a board that come after a place in the list, the earliest first.
    ///
    /// - Parameters:
    ///   - person: drafts are left out but for those that this person leads.
    ///   - seesDrafts: whether none is left out.
    static func list(
        board: String, person: String?, seesDrafts: Bool, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [Workshop] {
        try db.query(
            """
            SELECT id, board_id, title, summary, mode, state, capacity, remote_reserve, waitlist_max, taken,
                   taken_by_remote, waiting, join_seq, revision, created_at
              FROM workshops_workshops                                -- index: workshops_workshops_by_start
             WHERE board_id = ?1
               AND (start_at, id) > (?2, ?3)
               AND (state <> 'DRAFT' OR ?4 = 1 OR EXISTS (
                    SELECT 1 FROM workshops_facilitators
                     WHERE workshop_id = workshops_workshops.id AND person_id = ?5))
             ORDER BY start_at, id
             LIMIT ?6
            """,
            board, after.order, after.id, seesDrafts, person, limit
        ) { row in try Workshop(row) }.map { workshop in
            workshop.with(try Parts(of: workshop.name.workshop, in: db))
        }
    }

    /// The workshops that a person leads, or led.
    static func led(by person: String, in db: some Queryable) throws -> [Workshop] {
        let names = try db.query(
            """
            SELECT w.board_id, w.id
              FROM workshops_facilitators AS f                        -- index: workshops_facilitators_by_person
              JOIN workshops_workshops AS w ON w.id = f.workshop_id
             WHERE f.person_id = ?1
             ORDER BY w.id
            """,
            person
        ) { row in WorkshopName(board: try row.get(0), workshop: try row.get(1)) }
        return try names.compactMap { try find($0, in: db) }
    }

    func insert(in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO workshops_workshops (
                id, board_id, title, summary, mode, state, capacity, remote_reserve, waitlist_max, taken,
                taken_by_remote, waiting, join_seq, revision, created_at, start_at, end_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """,
            name.workshop, name.board, title, summary, mode, state, seats.capacity, seats.reserve, waitingMax,
            seats.taken, seats.takenByRemote, waiting, lastTurn, revision, createdAt, start, end)
        try insertParts(in: db)
    }

    /// Writes all but sessions, facilitators and competencies, as the next revision.
    mutating func save(in db: Transaction) throws {
        revision += 1
        try db.execute(
            """
            UPDATE workshops_workshops
               SET title = ?2, summary = ?3, mode = ?4, state = ?5, capacity = ?6, remote_reserve = ?7,
                   waitlist_max = ?8, taken = ?9, taken_by_remote = ?10, waiting = ?11, join_seq = ?12,
                   revision = ?13, start_at = ?14, end_at = ?15
             WHERE id = ?1
            """,
            name.workshop, title, summary, mode, state, seats.capacity, seats.reserve, waitingMax, seats.taken,
            seats.takenByRemote, waiting, lastTurn, revision, start, end)
    }

    /// Writes sessions, facilitators and competencies anew.
    func saveParts(in db: Transaction) throws {
        try db.execute("DELETE FROM workshops_sessions WHERE workshop_id = ?1", name.workshop)
        try db.execute("DELETE FROM workshops_facilitators WHERE workshop_id = ?1", name.workshop)
        try db.execute("DELETE FROM workshops_competencies WHERE workshop_id = ?1", name.workshop)
        try insertParts(in: db)
    }

    private func insertParts(in db: Transaction) throws {
        for (index, session) in sessions.enumerated() {
            try db.execute(
                """
                INSERT INTO workshops_sessions (
                    workshop_id, number, start_local, end_local, zone, start_at, end_at, room, conference_uri)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                """,
                name.workshop, index + 1, session.start.description, session.end.description, session.zone,
                session.interval.start, session.interval.end, session.room, session.conferenceURI)
        }
        for (index, person) in facilitators.enumerated() {
            try db.execute(
                "INSERT INTO workshops_facilitators (workshop_id, person_id, position) VALUES (?1, ?2, ?3)",
                name.workshop, person, index)
        }
        for (index, competency) in competencies.enumerated() {
            try db.execute(
                "INSERT INTO workshops_competencies (workshop_id, identifier, name, position) VALUES (?1, ?2, ?3, ?4)",
                name.workshop, competency.identifier, competency.name, index)
        }
    }

    private init(_ row: borrowing Row) throws {
        name = WorkshopName(board: try row.get(1), workshop: try row.get(0))
        title = try row.get(2)
        summary = try row.get(3)
        mode = try row.get(4)
        state = try row.get(5)
        seats = Seats(
            capacity: try row.get(6), reserve: try row.get(7), taken: try row.get(9), takenByRemote: try row.get(10))
        waitingMax = try row.get(8)
        waiting = try row.get(11)
        lastTurn = try row.get(12)
        revision = try row.get(13)
        createdAt = try row.get(14)
        sessions = []
        facilitators = []
    }

    private func with(_ parts: Parts) -> Workshop {
        var workshop = self
        (workshop.sessions, workshop.facilitators) = (parts.sessions, parts.facilitators)
        workshop.competencies = parts.competencies
        return workshop
    }
}

/// What a workshop has in tables of its own.
private struct Parts {
    var sessions: [Session]
    var facilitators: [String]
    var competencies: [TaughtCompetency]

    init(of workshop: String, in db: some Queryable) throws {
        sessions = try db.query(
            """
            SELECT start_local, end_local, zone, start_at, end_at, room, conference_uri
              FROM workshops_sessions
             WHERE workshop_id = ?1
             ORDER BY number
            """,
            workshop
        ) { row in try Session(row) }
        facilitators = try db.query(
            "SELECT person_id FROM workshops_facilitators WHERE workshop_id = ?1 ORDER BY position", workshop
        ) { row in try row.get(0) }
        competencies = try db.query(
            "SELECT name, identifier FROM workshops_competencies WHERE workshop_id = ?1 ORDER BY position", workshop
        ) { row in TaughtCompetency(name: try row.get(0), identifier: try row.get(1)) }
    }
}

extension Session {
    fileprivate init(_ row: borrowing Row) throws {
        guard
            let start = LocalDateTime(try row.get(0, String.self)),
            let end = LocalDateTime(try row.get(1, String.self)),
            let interval = Interval(start: try row.get(3), end: try row.get(4))
        else { throw row.mismatch(0, expected: "a session's local times and instants") }
        self.init(
            start: start, end: end, zone: try row.get(2), interval: interval, room: try row.get(5),
            conferenceURI: try row.get(6))
    }
}
