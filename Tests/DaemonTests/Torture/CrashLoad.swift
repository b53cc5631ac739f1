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
                acknowledged(ledger.acknowledged(key, try await Self.send(ledger.ask(key), by: client)))
            } catch is ClientError {
                // The connection is lost: whether the call was carried out, nobody knows yet.
                return
            }
        }
    }

    /// Repeats some of the calls that were not answered, as a client does that has its connection back: whether they
    /// were carried out before the kill or are now, it is once.
    func repeatSome(on daemon: DaemonProcess, using random: inout Random) async throws {
        let connection = try await daemon.client()
        let tokens = Dictionary(uniqueKeysWithValues: callers.map { ($0.person, $0.token) })
        for call in ledger.unanswered where Bool.random(using: &random) {
            let client = connection.with(token: tokens[call.key.person] ?? "")
            _ = ledger.acknowledged(call.key, try await Self.send(call, by: client))
        }
    }

    private static func send(
        _ call: CrashLedger.Call, by client: TestClient
    ) async throws -> CordeeWorkshops_Registration {
        switch call.asked {
        case .register:
            try await client.call(WorkshopsMethods.register, .with { $0.workshop = call.key.workshop }, key: call.id)
        case .withdraw(let name):
            try await client.call(WorkshopsMethods.withdraw, .with { $0.name = name }, key: call.id).registration
        }
    }
}
