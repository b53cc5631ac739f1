import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("The waiting list over the socket")
struct TraceTests {
    @Test(
        "does what the recorded trace says at each step",
        arguments: ["fifo-basic", "remote-reserve", "leave-the-middle", "queue-full"])
    func trace(id: String) async throws {
        let trace = try WaitlistTrace.named(id)
        let player = try await TracePlayer(trace, in: Scenario.start())
        for (number, step) in trace.steps.enumerated() {
            #expect(try await player.play(step) == step.result, "step \(number)")
            let seen = try await player.seen()
            #expect(Set(seen.confirmed) == Set(step.confirmed), "step \(number)")
            #expect(seen.confirmed.count == step.confirmed.count, "step \(number)")
            #expect(seen.waiting == step.waiting, "step \(number)")
            #expect(seen.ranks == Array(1..<(step.waiting.count + 1)), "step \(number)")
        }
    }
}

/// Plays the steps of a trace as calls of people with tokens of their own.
private struct TracePlayer {
    let scenario: Scenario
    let workshop: String
    /// By the name that the trace gives them.
    let people: [String: Scenario.Person]

    init(_ trace: WaitlistTrace, in scenario: Scenario) async throws {
        self.scenario = scenario
        workshop = try await scenario.workshop(
            capacity: Int32(trace.settings.cap), reserve: Int32(trace.settings.reserved ?? 0),
            waitlistMax: trace.settings.wl.map { Int32($0) }
        ).name
        // s-01 is near by, s-02 is remote.
        var (nearby, remote) = (["p-0013", "p-0014", "p-0015", "p-0016", "p-0017", "p-0018"], ["p-0020", "p-0021"])
        var people: [String: Scenario.Person] = [:]
        for name in Set(trace.steps.compactMap(\.person)).sorted() {
            let id = trace.remote.contains(name) ? remote.removeFirst() : nearby.removeFirst()
            people[name] = try await scenario.person(id)
        }
        self.people = people
    }

    /// What came of a step, in the words of the traces.
    func play(_ step: WaitlistTrace.Step) async throws -> String {
        do {
            switch step.op {
            case "reg":
                let registration = try await person(step).register(in: workshop)
                return registration.state == .confirmed ? "CONFIRMED" : "WAITLISTED#\(registration.rank)"
            case "cancel":
                let person = try person(step)
                let name = try #require(try await registration(of: person))
                let response = try await person.client.call(WorkshopsMethods.withdraw, .with { $0.name = name })
                return response.registration.state == .withdrawn ? "CANCELLED" : "\(response)"
            case "setcap":
                let capacity = Int32(try #require(step.number))
                _ = try await scenario.facilitator.call(
                    WorkshopsMethods.setCapacity,
                    .with {
                        $0.name = workshop
                        $0.capacity = capacity
                    })
                return "OK"
            case "setres":
                _ = try await scenario.facilitator.call(
                    WorkshopsMethods.releaseReserve, .with { $0.name = workshop })
                return "OK"
            default: return "unknown step \(step.op)"
            }
        } catch let status as Status {
            return status.code.name
        }
    }

    /// What a person sees of their own registrations.
    private func registration(of person: Scenario.Person) async throws -> String? {
        try await person.client.call(WorkshopsMethods.listRegistrations, .with { $0.parent = workshop })
            .registrations.first?.name
    }

    private func person(_ step: WaitlistTrace.Step) throws -> Scenario.Person {
        try #require(step.person.flatMap { people[$0] })
    }

    /// Who sits and who waits, by the names of the trace, as the facilitator sees it.
    func seen() async throws -> (confirmed: [String], waiting: [String], ranks: [Int]) {
        let names = Dictionary(uniqueKeysWithValues: people.map { ($0.value.name, $0.key) })
        let all = try await scenario.registrations(of: workshop)
        func named(_ state: CordeeWorkshops_Registration.State) -> [String] {
            all.filter { $0.state == state }.map { names[$0.person] ?? "?" }
        }
        return (named(.confirmed), named(.waitlisted), all.filter { $0.state == .waitlisted }.map { Int($0.rank) })
    }
}
