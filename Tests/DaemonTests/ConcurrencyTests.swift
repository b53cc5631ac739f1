import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Many at once")
struct ConcurrencyTests {
    /// The numbers of `waitlist_traces.json`, "concurrency".
    @Test(
        "50 registrations at once for 20 places and 20 turns give 20, 20 and 10, and 20 withdrawals move 20 up in turn")
    func fifty() async throws {
        let scenario = try await Scenario.start(roster: Roster.zip(extraTeachers: 50))
        let workshop = try await scenario.workshop(capacity: 20, waitlistMax: 20)
        let people = try await inParallel(Roster.extraIDs(50)) { try await scenario.person($0) }

        let outcomes = try await inParallel(people) { person -> Outcome in
            do {
                return .registered(try await person.register(in: workshop.name), person)
            } catch let status as Status {
                return .refused(status)
            }
        }
        let confirmed = outcomes.compactMap { $0.registration(.confirmed) }
        let waiting = outcomes.compactMap { $0.registration(.waitlisted) }.sorted { $0.0.rank < $1.0.rank }
        #expect(confirmed.count == 20)
        #expect(waiting.map(\.0.rank) == Array(1...20))
        #expect(outcomes.compactMap(\.reason) == [String](repeating: "WAITLIST_FULL", count: 10))

        // Ten at once, then ten more: each time as many move up, those who have waited longest.
        for half in 1...2 {
            let leaving = Array(confirmed[(half * 10 - 10)..<(half * 10)])
            let promoted = try await inParallel(leaving) { registration, person in
                try await person.client.call(
                    WorkshopsMethods.withdraw, .with { $0.name = registration.name }
                ).promotedCount
            }
            #expect(promoted == [Int32](repeating: 1, count: 10))
            let after = try await scenario.registrations(of: workshop.name)
            let seated = Set(after.filter { $0.state == .confirmed }.map(\.name))
            #expect(seated == Set(confirmed[(half * 10)...].map(\.0.name) + waiting.prefix(half * 10).map(\.0.name)))
            let queue = after.filter { $0.state == .waitlisted }
            #expect(queue.map(\.name) == waiting.dropFirst(half * 10).map(\.0.name))
            #expect(queue.map(\.rank) == Array(waiting.dropFirst(half * 10).indices.map { Int32($0 - half * 10 + 1) }))
        }
    }

    @Test("withdrawals one after the other move up who has waited longest, each time")
    func inTurn() async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop(capacity: 2, waitlistMax: 20)
        let people = try await inParallel((13...19).map { "p-00\($0)" }) { try await scenario.person($0) }
        var names: [String] = []
        for person in people { names.append(try await person.register(in: workshop.name).name) }
        for index in 0..<5 {
            _ = try await people[index].client.call(WorkshopsMethods.withdraw, .with { $0.name = names[index] })
            let after = try await scenario.registrations(of: workshop.name)
            #expect(after.filter { $0.state == .confirmed }.map(\.name) == Array(names[(index + 1)...(index + 2)]))
        }
    }

    private enum Outcome: Sendable {
        case registered(CordeeWorkshops_Registration, Scenario.Person)
        case refused(Status)

        func registration(
            _ state: CordeeWorkshops_Registration.State
        ) -> (CordeeWorkshops_Registration, Scenario.Person)? {
            if case .registered(let registration, let person) = self, registration.state == state {
                return (registration, person)
            }
            return nil
        }

        var reason: String? { if case .refused(let status) = self { status.reason } else { nil } }
    }
}

/// Does the same with each element, all at once; the results in the order of the elements.
func inParallel<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ body: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        for (index, element) in elements.enumerated() { group.addTask { (index, try await body(element)) } }
        var results: [(Int, Result)] = []
        for try await result in group { results.append(result) }
        return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
