import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func listRegistrations(
        _ request: API.ListRegistrationsRequest, _ call: ReadCall
    ) throws -> API.ListRegistrationsResponse {
        let workshop = try Workshop.find(request.parent, for: call.caller, in: call.db)
        // Participants do not learn who else takes part.
        let person =
            call.standing.covers(board: workshop.name.board, leaders: workshop.facilitators)
            ? nil : call.caller.person
        let page = try call.page(request, of: request.parent, key: { PageKey($0.turn, $0.name.registration) }) {
            after, limit in
            try Registration.list(
                workshop.name, person: person, showFinal: request.showFinal, after: after.order, limit: limit,
                in: call.db)
        }
        return try .with {
            var ranks = WaitingRanks()
            $0.registrations = try page.items.map {
                try message($0, rank: ranks.next(of: $0, in: call.db), in: call.db)
            }
            $0.nextPageToken = page.nextToken
        }
    }
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
