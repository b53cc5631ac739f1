import ModuleKit
import WorkshopsAPI

/// Workshops as things that help people to learn: published, not begun, with a place left.
struct WorkshopOfferings: OfferingProvider {
    func offerings(
        of board: String, for competencies: [String], beginningIn interval: Interval, to caller: Caller,
        in db: some Queryable
    ) throws -> [Offering] {
        var ids: Set<String> = []
        for competency in Set(competencies) {
            ids.formUnion(try Self.ids(of: board, competency, interval, in: db))
        }
        return try ids.sorted().compactMap { id in
            guard let workshop = try Workshop.find(WorkshopName(board: board, workshop: id), in: db),
                workshop.isVisible(to: caller)
            else { return nil }
            return Offering(
                name: workshop.name.description, title: workshop.title,
                competencies: Set(workshop.competencies.map(\.identifier)), start: workshop.start)
        }
    }

    /// As many workshops of one competency are looked at, those that begin first.
    private static let foundMax = 200

    private static func ids(
        of board: String, _ competency: String, _ interval: Interval, in db: some Queryable
    ) throws -> [String] {
        try db.query(
            """
            SELECT w.id
              FROM workshops_workshops AS w                           -- index: workshops_workshops_by_start
              JOIN workshops_competencies AS c ON c.workshop_id = w.id
             WHERE c.identifier = ?1 AND w.board_id = ?2 AND w.state = 'PUBLISHED' AND w.taken < w.capacity
               AND w.start_at >= ?3 AND w.start_at < ?4
             ORDER BY w.start_at, w.id
             LIMIT ?5
            """,
            competency, board, interval.start, interval.end, foundMax
        ) { row in try row.get(0) }
    }
}
