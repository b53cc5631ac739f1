import Glibc
import RPC
import SwiftProtobuf
import TestKit
import WorkshopsAPI

/// People who join and leave as fast as they are answered, until the daemon is killed under them.
struct CrashLoad {
    struct Caller: Sendable {
        var person: String
        var token: String
    }

    let callers: [Caller]
    let workshops: [String]
    let ledger: CrashLedger

    private static let connectionCount = 4

    /// Calls until the connections are lost; the daemon is killed at the moment asked for.
    func run(on daemon: DaemonProcess, until acks: Int, nanoseconds: UInt64, seed: UInt64) async throws {
        var connections: [TestClient] = []
        for _ in 0..<Self.connectionCount { connections.append(try await daemon.client()) }
        let last = ledger.ackCount + acks
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, caller) in callers.enumerated() {
                let client = connections[index % connections.count].with(token: caller.token)
                group.addTask {
                    try await call(client, as: caller, seed: seed &+ UInt64(index)) { count in
                        guard count == last else { return }
                        KillMoment.spin(nanoseconds: nanoseconds)
                        daemon.process.signal(SIGKILL)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func call(
        _ client: TestClient, as caller: Caller, seed: UInt64, _ acknowledged: (Int) -> Void
    ) async throws {
        var random = Random(seed: seed)
        while true {
            let workshop = workshops[Int(random.next(upperBound: UInt64(workshops.count)))]
            let key = CrashLedger.Key(person: caller.person, workshop: workshop)
            do {
                acknowledged(ledger.acknowledged(key, try await send(ledger.ask(key), workshop, client)))
            } catch is ClientError {
                // The connection is lost: whether the call was carried out, nobody knows yet.
                return
            }
        }
    }

    private func send(
        _ asked: CrashLedger.Asked, _ workshop: String, _ client: TestClient
    ) async throws -> CordeeWorkshops_Registration {
        switch asked {
        case .register: try await client.call(WorkshopsMethods.register, .with { $0.workshop = workshop })
        case .withdraw(let name):
            try await client.call(WorkshopsMethods.withdraw, .with { $0.name = name }).registration
        }
    }
}
