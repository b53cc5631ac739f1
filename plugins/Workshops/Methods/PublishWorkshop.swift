import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func publishWorkshop(
        _ request: API.PublishWorkshopRequest, _ call: WriteCall
    ) throws -> API.PublishWorkshopResponse {
        var workshop = try ledWorkshop(request.name, etag: request.etag, call)
        try workshop.publish()
        try workshop.save(in: call.db)
        try call.emit(.workshop("published", workshop))
        return .with {
            $0.workshop = API.Workshop(workshop, at: call.now)
            $0.warnings = workshop.publishWarnings.map { $0.text[call.language] }
        }
    }
}

extension Workshop {
    /// School years end in June and begin in September.
    private static let summer = 7...8

    var publishWarnings: [PublishWarning] {
        let lacksFrench = [title, summary].contains { text in
            !text.texts.isEmpty && !text.texts.keys.contains { $0 == "fr" || $0.hasPrefix("fr-") }
        }
        let inSummer = sessions.filter { Self.summer.contains($0.start.date.month) }
        return (lacksFrench ? [.noFrench] : []) + inSummer.map { .inSummer($0.start) }
    }
}
