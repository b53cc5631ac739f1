import ModuleKit
import WorkshopsAPI

/// What a board takes along of its workshops: with sessions, who leads them, places and minutes.
enum WorkshopsBoardData {
    static let all = BoardData([
        BoardCollection(
            "workshops",
            tables: ["workshops_workshops", "workshops_sessions", "workshops_facilitators", "workshops_competencies"]
        ) { board, after, limit, db in
            try db.query(
                """
                SELECT id FROM workshops_workshops WHERE board_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3
                """,
                board, after, limit
            ) { row in try row.get(0, String.self) }
        } record: { board, id, db in
            try Workshop.find(WorkshopName(board: board, workshop: id), in: db).map {
                API.Workshop($0, at: $0.createdAt)
            }
        },
        BoardCollection("registrations", tables: ["workshops_registrations", "workshops_attendance"]) {
            board, after, limit, db in
            try db.query(
                """
                SELECT r.id
                  FROM workshops_registrations AS r
                  JOIN workshops_workshops AS w ON w.id = r.workshop_id
                 WHERE w.board_id = ?1 AND r.id > ?2
                 ORDER BY r.id
                 LIMIT ?3
                """,
                board, after, limit
            ) { row in try row.get(0, String.self) }
        } record: { board, id, db in
            let workshop: String? = try db.value(
                "SELECT workshop_id FROM workshops_registrations WHERE id = ?1", id)
            guard let workshop else { return nil }
            let name = RegistrationName(board: board, workshop: workshop, registration: id)
            return try Registration.find(name, in: db).map {
                API.Registration($0, of: nil, rank: try $0.rank(in: db))
            }
        },
    ])
}
