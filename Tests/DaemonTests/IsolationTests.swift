import CordeeAPI
import DirectoryAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Boards do not see each other")
struct IsolationTests {
    /// The id of the call is in its status; with the same one nothing differs but the name that was asked for.
    private let trace = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]

    @Test("a thing of another board is answered in the same bytes as one that does not exist")
    func sameBytes() async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop()
        let (board, id) = try parts(of: workshop.name)
        let stranger = try await scenario.person("p-0053")
        let peer = try await RawPeer(to: scenario.daemon.socketPath)
        let token = try #require(stranger.client.token)
        let names = [
            workshop.name, "boards/\(board)/workshops/\(String(repeating: "x", count: id.count))",
            "boards/\(String(repeating: "x", count: board.count))/workshops/\(id)",
        ]
        var answers: [String] = []
        for (index, name) in names.enumerated() {
            let request = CordeeWorkshops_GetWorkshopRequest.with { $0.name = name }
            peer.send(
                Frames.request(
                    UInt32(index * 2 + 1), "cordee.workshops.v1.Workshops/GetWorkshop",
                    payload: try request.serializedBytes(),
                    metadata: [("authorization", "Bearer \(token)")] + trace))
            let answer = try #require(await peer.next())
            #expect(try answer.code == .notFound)
            answers.append(String(decoding: answer.status, as: UTF8.self).replacing(name, with: "NAME"))
        }
        #expect(Set(answers).count == 1)
        #expect(answers[0].contains("NAME"))
    }

    @Test("neither what is led nor what is listed leaks over the border, not even to a lead of another board")
    func strangers() async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop()
        let own = try await scenario.person("p-0013")
        let registration = try await own.register(in: workshop.name)
        let stranger = try await scenario.person("p-0053")
        let other = scenario.boards[1]
        _ = try await scenario.lead.call(
            DirectoryMethods.grantRole,
            .with {
                $0.scope = other
                $0.person = stranger.name
                $0.role = .boardLead
            })
        func code<Request, Response>(_ method: Method<Request, Response>, _ request: Request) async throws -> StatusCode
        {
            try await stranger.client.refusal(of: method, request).code
        }
        #expect(try await code(WorkshopsMethods.getRegistration, .with { $0.name = registration.name }) == .notFound)
        #expect(try await code(WorkshopsMethods.register, .with { $0.workshop = workshop.name }) == .notFound)
        #expect(try await code(WorkshopsMethods.withdraw, .with { $0.name = registration.name }) == .notFound)
        #expect(try await code(WorkshopsMethods.listRegistrations, .with { $0.parent = workshop.name }) == .notFound)
        #expect(try await code(DirectoryMethods.getPerson, .with { $0.name = own.name }) == .notFound)
        #expect(try await code(DirectoryMethods.listPeople, .with { $0.parent = scenario.board }) == .notFound)
        let people = try await stranger.client.call(DirectoryMethods.listPeople, .with { $0.pageSize = 1_000 })
        #expect(people.people.count == 40)
        #expect(people.people.allSatisfy { $0.name.hasPrefix(other + "/") })
        #expect(try await stranger.client.call(WorkshopsMethods.listWorkshops, .init()).workshops.isEmpty)
        #expect(
            try await own.client.call(WorkshopsMethods.listWorkshops, .init()).workshops.map(\.name) == [workshop.name])
    }

    @Test("a draft is there for those alone who prepare it, in lists too")
    func drafts() async throws {
        let scenario = try await Scenario.start()
        let draft = try await scenario.workshop(isPublished: false)
        let person = try await scenario.person("p-0013")
        let status = try await person.client.refusal(of: WorkshopsMethods.getWorkshop, .with { $0.name = draft.name })
        #expect(status.code == .notFound)
        #expect(
            try await person.client.refusal(
                of: WorkshopsMethods.register, .with { $0.workshop = draft.name }
            ).code == .notFound)
        #expect(try await person.client.call(WorkshopsMethods.listWorkshops, .init()).workshops.isEmpty)
        for leader in [scenario.facilitator, scenario.lead] {
            #expect(try await leader.call(WorkshopsMethods.listWorkshops, .init()).workshops == [draft])
        }
        _ = try await scenario.facilitator.call(WorkshopsMethods.publishWorkshop, .with { $0.name = draft.name })
        #expect(
            try await person.client.call(WorkshopsMethods.listWorkshops, .init()).workshops.map(\.name) == [draft.name])
    }

    @Test("a revoked grant ends at once, on open connections too")
    func revoked() async throws {
        let scenario = try await Scenario.start()
        let request = CordeeWorkshops_CreateWorkshopRequest.with {
            $0.workshop = Scenario.draft()
            $0.validateOnly = true
        }
        _ = try await scenario.facilitator.call(WorkshopsMethods.createWorkshop, request)
        let grants = try await scenario.lead.call(DirectoryMethods.listGrants, .with { $0.parent = scenario.board })
        let grant = try #require(grants.grants.first { $0.person == scenario.facilitatorName })
        _ = try await scenario.lead.call(DirectoryMethods.revokeRole, .with { $0.name = grant.name })
        let status = try await scenario.facilitator.refusal(of: WorkshopsMethods.createWorkshop, request)
        #expect(status.code == .permissionDenied)
    }

    private func parts(of workshop: String) throws -> (board: String, id: String) {
        let name = try #require(WorkshopName(workshop))
        return (name.board, name.workshop)
    }
}
