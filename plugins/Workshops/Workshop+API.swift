import DirectoryAPI
import ModuleKit
import WorkshopsAPI

extension API.Workshop {
    /// The workshop as clients see it at an instant.
    init(_ workshop: Workshop, at now: Timestamp) {
        self = .with {
            $0.name = workshop.name.description
            $0.title = workshop.title.texts
            $0.summary = workshop.summary.texts
            $0.mode = Mode(workshop.mode)
            $0.sessions = workshop.sessions.map(API.Session.init)
            $0.capacity = Int32(workshop.seats.capacity)
            $0.waitlistMax = Int32(workshop.waitingMax)
            $0.remoteReserve = Int32(workshop.seats.reserve)
            $0.facilitators = workshop.facilitators.map {
                PersonName(board: workshop.name.board, person: $0).description
            }
            $0.state = State(workshop, at: now)
            $0.confirmedCount = Int32(workshop.seats.taken)
            $0.waitlistedCount = Int32(workshop.waiting)
            $0.etag = workshop.etag.description
            $0.competencies = workshop.competencies.map(\.name)
            $0.createTime = .init(workshop.createdAt)
        }
    }
}

extension API.Workshop.State {
    init(_ workshop: Workshop, at now: Timestamp) {
        switch workshop.state {
        case .draft: self = .draft
        case .cancelled: self = .cancelled
        case .published where workshop.end <= now: self = .completed
        case .published where workshop.hasBegun(at: now): self = .running
        case .published: self = .published
        }
    }
}

extension API.Workshop.Mode {
    init(_ mode: Workshop.Mode) {
        switch mode {
        case .inPerson: self = .inPerson
        case .online: self = .online
        case .hybrid: self = .hybrid
        }
    }
}

extension Workshop.Mode {
    /// In person, if the request does not say.
    init(_ mode: API.Workshop.Mode) {
        switch mode {
        case .online: self = .online
        case .hybrid: self = .hybrid
        case .inPerson, .unspecified, .UNRECOGNIZED: self = .inPerson
        }
    }
}
