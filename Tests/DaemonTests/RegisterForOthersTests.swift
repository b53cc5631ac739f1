import CordeeAPI
import DirectoryAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Registering somebody else")
struct RegisterForOthersTests {
    @Test("is for a principal, for the staff of their own school alone, and for the board's lead")
    func principal() async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop(capacity: 10).name
        let principal = try await scenario.person("p-0004")
        let (own, other) = (try await scenario.person("p-0013"), try await scenario.person("p-0020"))
        func register(_ person: Scenario.Person, by client: TestClient) async throws -> StatusCode {
            do {
                let registration = try await client.call(
                    WorkshopsMethods.register,
                    .with {
                        $0.workshop = workshop
                        $0.person = person.name
                    })
                #expect(registration.person == person.name)
                return .ok
            } catch let status as Status {
                return status.code
            }
        }
        #expect(try await register(own, by: principal.client) == .permissionDenied)
        try await grant(.principal, over: "s-01", to: principal, in: scenario)
        #expect(try await register(other, by: principal.client) == .permissionDenied)
        #expect(try await register(own, by: principal.client) == .ok)
        #expect(try await register(own, by: own.client) == .alreadyExists)
        #expect(try await register(other, by: scenario.lead) == .ok)
        let stranger = try await scenario.person("p-0053")
        #expect(try await register(stranger, by: scenario.lead) == .notFound)
        #expect(Set(try await scenario.registrations(of: workshop).map(\.person)) == [own.name, other.name])
    }

    @Test("who comes back after a withdrawal is a new registration at the tail")
    func comesBack() async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop(capacity: 1).name
        let (first, second) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
        let registration = try await first.register(in: workshop)
        _ = try await second.register(in: workshop)
        _ = try await first.client.call(WorkshopsMethods.withdraw, .with { $0.name = registration.name })
        let again = try await first.register(in: workshop)
        #expect(again.name != registration.name)
        #expect((again.state, again.rank) == (.waitlisted, 1))
        let twice = try await first.client.refusal(of: WorkshopsMethods.withdraw, .with { $0.name = registration.name })
        #expect((twice.code, twice.reason) == (.failedPrecondition, "REGISTRATION_FINAL"))
        let all = try await scenario.facilitator.call(
            WorkshopsMethods.listRegistrations,
            .with {
                $0.parent = workshop
                $0.showFinal = true
            })
        #expect(all.registrations.map(\.state) == [.withdrawn, .confirmed, .waitlisted])
    }

    private func grant(
        _ role: CordeeAPI_Role, over school: String, to person: Scenario.Person, in scenario: Scenario
    ) async throws {
        let orgs = try await scenario.lead.call(DirectoryMethods.listOrgs, .with { $0.parent = scenario.board }).orgs
        let org = try #require(orgs.first { $0.sourceID == school })
        _ = try await scenario.lead.call(
            DirectoryMethods.grantRole,
            .with {
                $0.scope = org.name
                $0.person = person.name
                $0.role = role
            })
    }
}
