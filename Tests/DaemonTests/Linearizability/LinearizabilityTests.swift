import TestKit
import Testing
import WorkshopsAPI

/// What many clients see at once is what they could have seen one after the other.
@Suite("Linearizability")
struct LinearizabilityTests {
    private static let waitingMax = 3
    private static let callsEach = 12

    @Test("registrations, withdrawals and capacities of many clients on two loops happen one after the other")
    func histories() async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": "2"])
        let people = try await inParallel((13...16).map { "p-00\($0)" }) { try await scenario.person($0) }
        // Each connection goes to the loop after that of the one before.
        let connections = try await [scenario.daemon.client(), scenario.daemon.client()]
        for seed in UInt64(0)..<12 {
            let workshop = try await scenario.workshop(capacity: 2, waitlistMax: Int32(Self.waitingMax))
            let recorder = HistoryRecorder(of: workshop.name)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, person) in people.enumerated() {
                    for (device, connection) in connections.enumerated() {
                        let client = connection.with(token: person.client.token ?? "")
                        let own = seed << 32 | UInt64(index << 1 | device)
                        group.addTask {
                            try await recorder.takePart(person, through: client, seed: own, count: Self.callsEach)
                        }
                    }
                }
                for (index, connection) in connections.enumerated() {
                    let client = connection.with(token: scenario.facilitator.token ?? "")
                    let own = seed << 32 | UInt64(1_000 + index)
                    group.addTask {
                        try await recorder.lead(
                            through: client, capacities: 1...4, seed: own, count: Self.callsEach)
                    }
                }
                try await group.waitForAll()
            }
            check(recorder.history, seed: seed)
        }
    }

    @Test("a write acknowledged on one connection is seen by a read on the other loop's: 100,000 times")
    func visible() async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": "2"])
        let workshops = try await inParallel(Array(0..<128)) { _ in try await scenario.workshop().name }
        let run = try await VisibilityRun(
            on: scenario.daemon.socketPath, workshops: workshops, token: scenario.facilitator.token ?? "")
        let outcome = await run.run(100_000)
        #expect(outcome.failure == nil)
        #expect(outcome.readCount == 100_000)
    }

    private func check(_ history: [HistoryEntry<SequentialWorkshop.Call>], seed: UInt64) {
        let model = SequentialWorkshop(capacity: 2, waitingMax: Self.waitingMax)
        #expect(history.count == 10 * Self.callsEach)
        // Each kind of call, and some in each other's time: else nothing would be proved.
        #expect(
            history.count { entry in history.contains { $0.begin < entry.begin && entry.begin < $0.end ?? 0 } } > 50)
        switch LinearizabilityCheck.verdict(of: history, by: model) {
        case .linearizable: break
        case .undecided: Issue.record("seed \(seed): too many orders to try")
        case .impossible(let longest, let stuckAt):
            Issue.record(
                """
                seed \(seed): no order explains the answers. In order so far:
                \(longest.suffix(12).map { "\(history[$0])" }.joined(separator: "\n"))
                and none of these fits next:
                \(stuckAt.map { "\(history[$0])" }.joined(separator: "\n"))
                """)
        }
        // The same with one answer changed is refused: what the check accepts is no matter of luck.
        var wrong = history
        if let index = history.firstIndex(where: { if case .counts = $0.call { true } else { false } }),
            case .counts(let capacity, let seated, let waiting) = history[index].call
        {
            wrong[index].call = .counts(capacity: capacity, seated: seated + 5, waiting: waiting)
            #expect(LinearizabilityCheck.verdict(of: wrong, by: model) != .linearizable, "seed \(seed)")
        }
    }
}
