import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func reportStaff(_ request: API.ReportStaffRequest, _ call: ReadCall) throws -> API.ReportStaffResponse {
        guard let board = BoardName(request.parent)?.board, call.standing.boards.contains(board) else {
            throw Status.notFound(request.parent)
        }
        let counts = try call.db.query(
            """
            SELECT o.id, o.title, a.role, p.staff_role, o.is_remote, COUNT(*)
              FROM directory_people AS p
              JOIN directory_assignments AS a ON a.person_id = p.id AND a.is_primary = 1
              JOIN directory_orgs AS o ON o.id = a.org_id
             WHERE p.board_id = ?1 AND p.state IN ('INVITED', 'ACTIVE', 'SUSPENDED')
             GROUP BY o.id, o.title, a.role, p.staff_role, o.is_remote, o.sort_key
             ORDER BY o.sort_key, o.id, a.role, p.staff_role
            """,
            board
        ) { row in
            (
                org: try row.get(0, String.self), title: try row.get(1, String.self), role: try row.get(2, String.self),
                work: try row.get(3, String.self), isRemote: try row.get(4, Bool.self), count: try row.get(5, Int.self)
            )
        }
        return .with {
            $0.counts = counts.filter { call.standing.covers(board: board, orgs: [$0.org]) }.map { row in
                .with {
                    $0.org = OrgName(board: board, org: row.org).description
                    ($0.orgTitle, $0.role, $0.staffRole) = (row.title, row.role, row.work)
                    ($0.remote, $0.count) = (row.isRemote, Int32(clamping: row.count))
                }
            }
        }
    }
}
