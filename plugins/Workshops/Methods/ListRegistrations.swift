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
            $0.registrations = try page.items.map { try message($0, in: call.db) }
            $0.nextPageToken = page.nextToken
        }
    }
}
