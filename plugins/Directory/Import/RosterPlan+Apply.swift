import DirectoryAPI
import ModuleKit

extension RosterPlan {
    /// Brings in what a stage holds of the plan, and says so.
    ///
    /// Events of people who left or moved come in this write as far as they are few, and else in writes after it.
    func apply(_ stage: ImportStage, _ call: WriteCall) throws {
        try checkLeads(try Grant.leads(at: call.now, in: call.db))
        try stage.apply(call)
        _ = try ImportFinish.tell(stage.id, call)
        for board in changedBoards { try call.emit(.rosterImported(into: board)) }
        if !leavers.isEmpty || returners > 0 { call.accessChanged() }
    }
}
