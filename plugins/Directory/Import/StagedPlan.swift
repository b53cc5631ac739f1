import DirectoryAPI
import ModuleKit

/// The rows of a plan by number, each with what is to be done to it.
struct StagedPlan: Sendable {
    /// People of whom only places change.
    let moves: [PersonName]
    private let plan: RosterPlan
    private let freed: Set<String>
    private let moved: Set<PersonName>
    private let arriving: Set<String>

    init(_ plan: RosterPlan) {
        self.plan = plan
        freed = Set(plan.freedEmails)
        moved = Set(plan.moved)
        arriving = Set(plan.newPeople.map(\.name.person))
        let changed = Set((plan.changedPeople + plan.leavers).map(\.name))
        moves = plan.moved.filter { !changed.contains($0) }
    }

    struct PersonChange: Sendable {
        var op: String
        var person: Person
        var freesEmail = false
        var isMoved = false
        /// Whether there is something to do once it is applied: an event, or the search index.
        var isPending = false
        var isRenamed = false
        var isRekeyed = false
    }

    var orgCount: Int { plan.newOrgs.count + plan.changedOrgs.count }

    func org(_ index: Int) -> (op: String, org: Org) {
        let count = plan.newOrgs.count
        return index < count ? ("N", plan.newOrgs[index]) : ("C", plan.changedOrgs[index - count])
    }

    var peopleCount: Int { plan.newPeople.count + plan.changedPeople.count + plan.leavers.count }

    func person(_ index: Int) -> PersonChange {
        if index < plan.newPeople.count { return PersonChange(op: "N", person: plan.newPeople[index]) }
        let next = index - plan.newPeople.count
        guard next < plan.changedPeople.count else {
            let person = plan.leavers[next - plan.changedPeople.count]
            return PersonChange(op: "L", person: person, isMoved: moved.contains(person.name), isPending: true)
        }
        let person = plan.changedPeople[next]
        let (isMoved, isRenamed) = (moved.contains(person.name), plan.renamed.contains(person.name))
        return PersonChange(
            op: "C", person: person, freesEmail: freed.contains(person.name.person), isMoved: isMoved,
            isPending: isMoved || isRenamed, isRenamed: isRenamed, isRekeyed: plan.rekeyed.contains(person.name))
    }

    var placeCount: Int {
        plan.newAssignments.count + plan.changedAssignments.count + plan.endedAssignments.count
    }

    func place(_ index: Int) -> (op: String, place: Assignment) {
        if index < plan.newAssignments.count { return ("N", plan.newAssignments[index]) }
        let next = index - plan.newAssignments.count
        guard next >= plan.changedAssignments.count else { return ("C", plan.changedAssignments[next]) }
        return ("E", plan.endedAssignments[next - plan.changedAssignments.count])
    }

    /// Whether a place is of somebody who is new.
    func arrives(_ place: Assignment) -> Bool { arriving.contains(place.person) }
}
