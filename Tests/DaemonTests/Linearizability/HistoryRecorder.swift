import RPC
import SwiftProtobuf
import TestKit
import Threading
import WorkshopsAPI

/// Callers of one workshop that write down what they ask and what is answered.
final class HistoryRecorder: Sendable {
    typealias Call = SequentialWorkshop.Call

    let workshop: String

    private struct Notes {
        /// One clock for all callers: it goes on with each beginning and each end.
        var tick = 0
        var history: [HistoryEntry<Call>] = []
        /// What each person was last told to hold.
        var held: [String: String] = [:]
    }

    private let notes = Lock(Notes())

    init(of workshop: String) { self.workshop = workshop }

    var history: [HistoryEntry<Call>] { notes.withLock { $0.history } }

    /// What a caller with a seed does, a few times: one device of a person who joins and leaves.
    func takePart(_ person: Scenario.Person, through client: TestClient, seed: UInt64, count: Int) async throws {
        var random = Random(seed: seed)
        for _ in 0..<count {
            let held = notes.withLock { $0.held[person.id] }
            switch (random.next(upperBound: 8 as UInt64), held) {
            case (0...3, let held?): try await withdraw(held, of: person, client)
            case (4...6, _), (0...3, nil): try await register(person, client)
            default: try await look(client)
            }
        }
    }

    /// What who leads the workshop does: changes the number of places, and looks.
    func lead(through client: TestClient, capacities: ClosedRange<Int>, seed: UInt64, count: Int) async throws {
        var random = Random(seed: seed)
        for _ in 0..<count {
            switch random.next(upperBound: 4 as UInt64) {
            case 0: try await look(client)
            case 1: try await list(client)
            default: try await setCapacity(Int.random(in: capacities, using: &random), client)
            }
        }
    }

    // MARK: Calls

    private func record(_ body: () async throws -> Call) async throws {
        let begin = tick()
        let call = try await body()
        let end = tick()
        notes.withLock { $0.history.append(HistoryEntry(call, begin: begin, end: end)) }
    }

    private func tick() -> Int {
        notes.withLock { notes in
            notes.tick += 1
            return notes.tick
        }
    }

    private func register(_ person: Scenario.Person, _ client: TestClient) async throws {
        let workshop = workshop
        try await record {
            do {
                let made = try await client.call(WorkshopsMethods.register, .with { $0.workshop = workshop })
                notes.withLock { $0.held[person.id] = made.name }
                return .register(person: person.id, .registered(made.name, rank: Int(made.rank)))
            } catch let status as Status where status.reason == "ALREADY_REGISTERED" {
                return .register(person: person.id, .already)
            } catch let status as Status where status.reason == "WAITLIST_FULL" {
                return .register(person: person.id, .full)
            }
        }
    }

    private func withdraw(_ registration: String, of person: Scenario.Person, _ client: TestClient) async throws {
        try await record {
            do {
                let answer = try await client.call(WorkshopsMethods.withdraw, .with { $0.name = registration })
                return .withdraw(registration: registration, .init(Int(answer.promotedCount)))
            } catch let status as Status where status.reason == "REGISTRATION_FINAL" {
                return .withdraw(registration: registration, .init(nil))
            }
        }
    }

    private func setCapacity(_ capacity: Int, _ client: TestClient) async throws {
        let workshop = workshop
        try await record {
            let answer = try await client.call(
                WorkshopsMethods.setCapacity,
                .with {
                    $0.name = workshop
                    $0.capacity = Int32(capacity)
                })
            return .setCapacity(capacity, promoted: Int(answer.promotedCount))
        }
    }

    private func look(_ client: TestClient) async throws {
        let workshop = workshop
        try await record {
            let seen = try await client.call(WorkshopsMethods.getWorkshop, .with { $0.name = workshop })
            return .counts(
                capacity: Int(seen.capacity), seated: Int(seen.confirmedCount), waiting: Int(seen.waitlistedCount))
        }
    }

    private func list(_ client: TestClient) async throws {
        let workshop = workshop
        try await record {
            let page = try await client.call(
                WorkshopsMethods.listRegistrations,
                .with {
                    $0.parent = workshop
                    $0.pageSize = 1_000
                })
            return .list(page.registrations.map { .init(registration: $0.name, rank: Int($0.rank)) })
        }
    }
}
