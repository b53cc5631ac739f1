import DirectoryAPI
import ModuleKit

extension RosterPlan {
    /// Matches orgs by what the roster calls them.
    ///
    /// - Returns: the ids of the roster's orgs by what it calls them.
    mutating func planOrgs(
        _ roster: StagedRoster, _ rows: DirectoryRows, at now: Timestamp, newID: () -> String
    ) -> [String: String] {
        var known = Dictionary(rows.orgs.map { (BoardKey($0.name.board, $0.sourceID), $0) }) { first, _ in first }
        let standardZones = Dictionary(
            rows.orgs.filter { $0.kind == .board }.map { ($0.name.board, $0.zone) }
        ) { first, _ in first }
        var ids: [String: String] = [:]
        for row in roster.orgs {
            guard let board = row.board.flatMap({ rows.boards[$0] }) else { continue }
            let parent = row.parent.flatMap { ids[$0] }
            let before = known.removeValue(forKey: BoardKey(board, row.sourceID))
            var org =
                before
                ?? Org(
                    name: OrgName(board: board, org: newID()), parent: parent, sourceID: row.sourceID, kind: row.kind,
                    title: row.title, zone: standardZones[board] ?? Org.standardZone, createdAt: now)
            org.take(row, parent: parent)
            ids[row.sourceID] = org.name.org
            if before == nil {
                newOrgs.append(org)
            } else if let before, !org.isIdentical(to: before) {
                changedOrgs.append(org)
                orgs.updated += 1
            } else {
                orgs.unchanged += 1
            }
        }
        orgs.created = newOrgs.count
        endOrgs(known.values.filter(\.isActive))
        return ids
    }

    /// Orgs are never deleted: what happened there keeps its place.
    private mutating func endOrgs(_ gone: [Org]) {
        for var org in gone.sorted(by: { $0.name.org < $1.name.org }) {
            org.isActive = false
            changedOrgs.append(org)
            orgs.deactivated += 1
        }
    }
}

/// What a roster calls something, in one board.
struct BoardKey: Hashable {
    var board: String
    var text: String

    init(_ board: String, _ text: String) {
        self.board = board
        self.text = text
    }
}

extension Org {
    /// What the roster says; what it does not say stays as it was.
    fileprivate mutating func take(_ row: StagedRoster.OrgRow, parent: String?) {
        self.parent = parent
        // A board stays one: all that lies in it is named by it.
        if kind != .board && row.kind != .board { kind = row.kind }
        title = row.title
        zone = row.zone ?? zone
        locality = row.locality ?? locality
        isRemote = row.isRemote ?? isRemote
        isActive = true
    }

    /// Whether all is the same, the title byte for byte.
    fileprivate func isIdentical(to other: Org) -> Bool {
        self == other && title.utf8.elementsEqual(other.title.utf8)
            && locality.utf8.elementsEqual(other.locality.utf8)
    }
}
