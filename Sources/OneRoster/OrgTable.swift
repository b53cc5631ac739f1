/// Reads the rows of `orgs.csv`, and judges their tree.
struct OrgTable {
    static let fileName = "orgs.csv"

    let file: RosterFile
    let references: References

    func orgs(_ problems: inout ProblemList) -> [Roster.Org] {
        file.rows.compactMap { org($0, &problems) }
    }

    private func org(_ row: RosterRow, _ problems: inout ProblemList) -> Roster.Org? {
        if row.isDeleted, let id = row["sourcedId"] {
            return Roster.Org(
                line: row.line, sourcedID: id, name: row["name"] ?? "", type: .school, identifier: nil, parentID: nil,
                timeZone: nil, isRemote: nil, locality: nil, isDeleted: true)
        }
        let name = row.required("name", &problems)
        let type = row.choice("type", of: OrgType.allCases, &problems)
        let parentID = row["parentSourcedId"]
        if let parentID { _ = references.check(parentID, from: row, "parentSourcedId", &problems) }
        let isRemote = row.flag("metadata.cordee.remote", &problems)
        guard let id = row["sourcedId"], let name, let type else { return nil }
        return Roster.Org(
            line: row.line, sourcedID: id, name: name, type: type, identifier: row["identifier"], parentID: parentID,
            timeZone: row["metadata.cordee.timeZone"], isRemote: isRemote, locality: row["metadata.cordee.locality"])
    }

    /// One problem for each cycle, at the first of its rows; then schools that lie below no board.
    static func check(_ orgs: [Roster.Org], _ tree: OrgTree, _ problems: inout ProblemList) {
        let lines = Dictionary(orgs.map { ($0.sourcedID, $0.line) }) { first, _ in first }
        for cycle in tree.cycles {
            let members = cycle.filter { lines[$0] != nil }.sorted { lines[$0, default: 0] < lines[$1, default: 0] }
            guard let line = members.first.flatMap({ lines[$0] }) else { continue }
            let fact = RelationFact.orgCycle(members)
            problems.add(fact, file: fileName, line: line, column: "parentSourcedId")
        }
        for org in orgs where tree.top(of: org.sourcedID) == .root {
            switch org.type {
            case .school, .department:
                let fact = RelationFact.noBoard(org.sourcedID)
                problems.add(fact, file: fileName, line: org.line, column: "parentSourcedId")
            // Above the boards.
            case .district, .local, .state, .national: break
            }
        }
    }
}
