import DirectoryAPI
import ModuleKit

/// What an import changes: worked out from what is there and what the roster says, before anything is written.
///
/// Only what differs is in it, so a second import of one roster is an empty plan.
struct RosterPlan {
    /// How many of one kind an import makes, changes, leaves as they are, and ends.
    struct Counts: Equatable, Sendable {
        var created = 0
        var updated = 0
        var unchanged = 0
        var deactivated = 0

        var isChange: Bool { created + updated + deactivated > 0 }
    }

    // Each list in the order in which it can be written.
    var newOrgs: [Org] = []
    var changedOrgs: [Org] = []
    var newPeople: [Person] = []
    var changedPeople: [Person] = []
    /// Of the changed people, those who give up a mail address that somebody else may take in this import.
    var freedEmails: [String] = []
    var leavers: [Person] = []
    /// Of the changed people, those whom other words find than before.
    var renamed: Set<PersonName> = []
    /// Of the changed people, those whose id in rosters, mail address or state changes.
    var rekeyed: Set<PersonName> = []
    /// Of the changed people, those who had left.
    var returners = 0
    var newAssignments: [Assignment] = []
    var changedAssignments: [Assignment] = []
    var endedAssignments: [Assignment] = []
    /// Who works elsewhere, or as something else, than before; not who is new.
    var moved: [PersonName] = []

    var orgs = Counts()
    var people = Counts()
    var assignments = Counts()
    /// By the board's id.
    var departures: [String: Departures] = [:]

    /// Plans an import.
    ///
    /// - Parameters:
    ///   - rows: of the boards that the import covers.
    ///   - newID: makes ids that rise.
    /// - Throws: `.rejected` for rows that do not fit these boards; `.lastBoardLead` if one would have none.
    init(
        _ roster: StagedRoster, onto rows: DirectoryRows, at now: Timestamp, newID: () -> String
    ) throws(ImportRefusal) {
        try roster.refuseIfAny(roster.problems(importing: Set(rows.boards.keys)))
        let orgIDs = planOrgs(roster, rows, at: now, newID: newID)
        guard let staff = roster.people else { return }
        let names = try planPeople(staff, roster, rows, at: now, newID: newID)
        planAssignments(staff, names: names, orgs: orgIDs, rows, newID: newID)
        try checkLeads(rows.leads)
    }

    /// A tenth of a board's staff may leave without a word; more looks like a file that was cut off.
    ///
    /// - Throws: `.confirmationRequired` with the boards concerned.
    func checkDepartures(areConfirmed: Bool) throws(ImportRefusal) {
        let many = departures.filter { $0.value.leaving * 10 > $0.value.staff }
        guard many.isEmpty || areConfirmed else { throw .confirmationRequired(many) }
    }

    /// The boards in which something changes.
    var changedBoards: [String] {
        Set(
            (newOrgs + changedOrgs).map(\.name.board) + (newPeople + changedPeople + leavers).map(\.name.board)
                + moved.map(\.board)
        ).sorted()
    }

    func checkLeads(_ leads: [DirectoryRows.Lead]) throws(ImportRefusal) {
        let leaving = Set(leavers.map(\.name.person))
        let remaining = Set(leads.filter { !leaving.contains($0.person) }.map(\.board))
        guard leads.allSatisfy({ remaining.contains($0.board) }) else { throw .lastBoardLead }
    }
}
