import DirectoryAPI
import ModuleKit
import WorkshopsAPI

// What several methods begin or end with.
extension WorkshopsHandlers {
    /// A workshop that the caller leads, as it was when the caller read it.
    ///
    /// - Throws: NOT_FOUND if the caller may not know of it, PERMISSION_DENIED if they do not lead it, ABORTED if it
    ///   has changed.
    func ledWorkshop(_ name: String, etag: String, _ call: WriteCall) throws -> Workshop {
        let workshop = try call.find(Workshop.self, name)
        guard call.standing.covers(workshop.belonging) else { throw Status.forbidden }
        try workshop.etag.check(etag)
        return workshop
    }

    /// A registration as clients see it.
    func message(_ registration: Registration, in db: some Queryable) throws -> API.Registration {
        try message(registration, rank: registration.rank(in: db), in: db)
    }

    /// The same with a rank that is known.
    func message(_ registration: Registration, rank: Int, in db: some Queryable) throws -> API.Registration {
        API.Registration(
            registration, of: try people.member(registration.person, of: registration.name.board, in: db), rank: rank)
    }
}

extension Workshop {
    /// Seats who may move up, writes the workshop, and says how many moved.
    mutating func fillSeats(_ call: some WritingCall) throws -> Int {
        let name = name
        let promoted = try fillSeats(at: call.now) { remoteOnly in
            guard var next = try Registration.firstWaiting(in: name, remoteOnly: remoteOnly, in: call.db) else {
                return nil
            }
            next.moveUp()
            try next.save(in: call.db)
            try call.emit(.registration(next))
            return next
        }
        try save(in: call.db)
        return promoted.count
    }
}

extension API.Registration {
    init(_ registration: Registration, of person: StaffMember?, rank: Int) {
        self = .with {
            $0.name = registration.name.description
            $0.person = PersonName(board: registration.name.board, person: registration.person).description
            $0.displayName = person?.displayName ?? ""
            $0.state = State(registration.state)
            $0.rank = Int32(rank)
            $0.remote = registration.isRemote
            $0.minutes = Int32(registration.minutes)
            $0.createTime = .init(registration.createdAt)
            $0.etag = registration.etag.description
        }
    }
}

extension API.Registration.State {
    init(_ state: Registration.State) {
        switch state {
        case .confirmed: self = .confirmed
        case .waitlisted: self = .waitlisted
        case .withdrawn: self = .withdrawn
        case .cancelledByOrganiser: self = .cancelledByOrganiser
        case .attended: self = .attended
        case .noShow: self = .noShow
        }
    }
}

extension API.PlacesResponse {
    init(_ workshop: Workshop, promoted: Int, at now: Timestamp) {
        self = .with {
            $0.workshop = API.Workshop(workshop, at: now)
            $0.promotedCount = Int32(promoted)
        }
    }
}
