import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func updateWorkshop(_ request: API.UpdateWorkshopRequest, _ call: WriteCall) throws -> API.Workshop {
        var workshop = try ledWorkshop(request.workshop.name, etag: request.workshop.etag, call)
        let before = API.Workshop(workshop, at: call.now)
        let after = try before.updated(by: request.workshop, mask: request.updateMask)
        let changed = try Workshop(after, name: workshop.name, zones: zones, by: call)
        guard workshop.state == .draft || !changed.differsBeyondTexts(from: workshop) else {
            throw Workshop.Refusal.notDraft
        }
        workshop.take(changed)
        try checkFacilitators(of: workshop, call)
        workshop.competencies = try taught(after.competencies, in: workshop, call)
        try workshop.save(in: call.db)
        try workshop.saveParts(in: call.db)
        try call.emit(.workshop("updated", workshop))
        return API.Workshop(workshop, at: call.now)
    }
}

extension Workshop {
    /// Whether a change touches what people have registered for.
    fileprivate func differsBeyondTexts(from other: Workshop) -> Bool {
        sessions != other.sessions || mode != other.mode || seats.capacity != other.seats.capacity
            || seats.reserve != other.seats.reserve
    }

    fileprivate mutating func take(_ changed: Workshop) {
        title = changed.title
        summary = changed.summary
        mode = changed.mode
        sessions = changed.sessions
        facilitators = changed.facilitators
        waitingMax = changed.waitingMax
        seats.capacity = changed.seats.capacity
        seats.reserve = changed.seats.reserve
    }
}
