import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func listRegistrations(
        _ request: API.ListRegistrationsRequest, _ call: ReadCall
    ) throws -> API.ListRegistrationsResponse {
        let workshop = try call.find(Workshop.self, request.parent)
        // Participants do not learn who else takes part.
        let person =
            call.standing.covers(workshop.belonging)
            ? nil : call.caller.person
        let page = try call.page(request, of: request.parent, key: \.key) { after, limit in
            try Registration.list(
                workshop.name, person: person, showFinal: request.showFinal, after: after.order, limit: limit,
                in: call.db
            ).map { Participation(registration: $0, workshop: workshop) }
        }
        return try .with {
            var ranks = WaitingRanks()
            $0.registrations = try page.items.map {
                let registration = $0.registration
                return try message(registration, rank: ranks.next(of: registration, in: call.db), in: call.db)
            }
            $0.nextPageToken = page.nextToken
        }
    }
}

extension Participation {
    /// The place in the list.
    fileprivate var key: PageKey<Int64> { PageKey(registration.turn, name.registration) }
}

/// The ranks of registrations that come one after the other in the order of joining: the first one that waits is counted
/// up to, each further one has the next rank, since nobody who waits is left out between them.
private struct WaitingRanks {
    private var last: Int?

    mutating func next(of registration: Registration, in db: some Queryable) throws -> Int {
        guard registration.state == .waitlisted else { return 0 }
        let rank = try last.map { $0 + 1 } ?? registration.rank(in: db)
        last = rank
        return rank
    }
}
