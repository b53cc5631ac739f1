import DirectoryAPI
import ModuleKit

extension GrowthHandlers {
    func reportSelfLevels(
        _ request: API.ReportSelfLevelsRequest, _ call: ReadCall
    ) throws -> API.ReportSelfLevelsResponse {
        let competency = try call.find(Competency.self, request.competency)
        let board = competency.name.board
        guard call.standing.covers(board: board) else { throw Status.notFound(request.competency) }
        var schools: [String: [Int]] = [:]
        for row in try SelfLevel.teamCounts(of: competency.identifier, board: board, at: call.now, in: call.db) {
            schools[row.org, default: Array(repeating: 0, count: Mastery.highest + 1)][row.level] = row.count
        }
        return .with {
            $0.schools = schools.sorted { $0.key < $1.key }.compactMap { school, counts in
                small.shown(counts).map { shown in
                    .with {
                        $0.org = OrgName(board: board, org: school).description
                        $0.total = Int32(counts.reduce(0, +))
                        $0.levels = shown.enumerated().map { level, count in
                            .with {
                                $0.level = Int32(level)
                                if let count { $0.count = Int32(count) }
                            }
                        }
                    }
                }
            }
        }
    }

    func reportNeeds(_ request: API.ReportNeedsRequest, _ call: ReadCall) throws -> API.ReportNeedsResponse {
        let board = try call.board(request.parent)
        guard call.standing.covers(board: board) else { throw Status.forbidden }
        var names = CompetencyNames(of: board, in: call.db)
        let counts = try Need.counts(board: board, min: small.k, limit: 1_000, in: call.db)
        return try .with {
            $0.needs = try counts.map { competency, count in
                let name = try names.name(of: competency)
                return .with { ($0.competency, $0.count) = (name, Int32(count)) }
            }
        }
    }
}
