import DirectoryAPI
import ModuleKit

extension RosterPlan {
    /// Matches places by person, org, role and first day. The places of people who left end.
    mutating func planAssignments(
        _ staff: [StagedRoster.PersonRow], names: [String: PersonName], orgs ids: [String: String],
        _ rows: DirectoryRows, newID: () -> String
    ) {
        var known = Dictionary(grouping: rows.assignments, by: \.person)
        let covered = Set(ids.values)
        let arrived = Set(newPeople.map(\.name))
        for row in staff {
            guard let name = names[row.sourceID] else { continue }
            var before = known.removeValue(forKey: name.person) ?? []
            var isMoved = false
            for place in row.places {
                guard let org = ids[place.org] else { continue }
                let wanted = Assignment(
                    id: "", sourceID: place.sourceID, person: name.person, org: org, role: place.role,
                    isPrimary: place.isPrimary, begin: place.begin, end: place.end, share: place.share,
                    isSecondment: place.isSecondment)
                let match = before.firstIndex(where: wanted.isSamePlace(as:)).map { before.remove(at: $0) }
                if plan(wanted, for: match, newID: newID) { isMoved = true }
            }
            // Not the roster's: recorded by hand, or in a board that this import is not about.
            before.removeAll { $0.isSecondment && ($0.sourceID == nil || !covered.contains($0.org)) }
            endedAssignments += before
            if (isMoved || !before.isEmpty) && !arrived.contains(name) { moved.append(name) }
        }
        endedAssignments += known.values.flatMap { $0 }.sorted { $0.id < $1.id }
        // One main place at any moment: the old one is given up before the new one is taken.
        changedAssignments.sort { !$0.isPrimary && $1.isPrimary }
        assignments.created = newAssignments.count
        assignments.updated = changedAssignments.count
        assignments.deactivated = endedAssignments.count
    }

    /// Whether it is a change.
    private mutating func plan(_ wanted: Assignment, for match: Assignment?, newID: () -> String) -> Bool {
        guard let match else {
            newAssignments.append(wanted.with(id: newID()))
            return true
        }
        var planned = wanted.with(id: match.id)
        // What a roster leaves out because it has no column for it stays as it was.
        planned.sourceID = wanted.sourceID ?? match.sourceID
        planned.share = wanted.share ?? match.share
        guard planned != match else {
            assignments.unchanged += 1
            return false
        }
        changedAssignments.append(planned)
        return true
    }
}

extension Assignment {
    fileprivate func isSamePlace(as other: Assignment) -> Bool {
        other.org == org && other.role == role && other.begin == begin
    }

    fileprivate func with(id: String) -> Assignment {
        Assignment(
            id: id, sourceID: sourceID, person: person, org: org, role: role, isPrimary: isPrimary, begin: begin,
            end: end, share: share, isSecondment: isSecondment)
    }
}
