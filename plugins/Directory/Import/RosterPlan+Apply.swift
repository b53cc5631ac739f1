import DirectoryAPI
import ModuleKit

extension RosterPlan {
    /// Writes the plan. What frees a name, an address or a main place comes before what may take it.
    func apply(_ call: WriteCall) throws {
        for org in newOrgs { try org.insert(in: call.db) }
        for org in changedOrgs { try org.save(in: call.db) }
        for assignment in endedAssignments { try assignment.delete(in: call.db) }
        for person in leavers {
            try person.save(in: call.db)
            try call.emit(.left(person.name))
        }
        for person in freedEmails { try Person.freeEmail(person, in: call.db) }
        for person in changedPeople { try person.save(in: call.db) }
        for person in newPeople { try person.insert(in: call.db) }
        for assignment in changedAssignments { try assignment.save(in: call.db) }
        for assignment in newAssignments { try assignment.insert(in: call.db) }
        for person in moved { try call.emit(.assignmentChanged(of: person)) }
        for board in changedBoards { try call.emit(.rosterImported(into: board)) }
        if !leavers.isEmpty || returners > 0 { call.accessChanged() }
    }
}
