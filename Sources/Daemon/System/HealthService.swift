import CordeeAPI
import ModuleKit
import RPC
import Store

/// `cordee.system.v1.Health`: how the store and each module fare.
struct HealthHandlers: HealthService {
    typealias Contexts = ModuleCalls

    let overview: DaemonOverview

    func check(_ request: CordeeSystem_CheckRequest, _ call: ReadCall) throws -> CordeeSystem_HealthReport { report() }

    func watch(
        _ request: CordeeSystem_HealthWatchRequest, _ responses: ResponseSender<CordeeSystem_HealthReport>,
        _ call: WaitCall
    ) async throws {
        var last: CordeeSystem_HealthReport?
        while true {
            let report = report()
            if report != last { try await responses.send(report) }
            last = report
            try await call.pause(for: overview.healthInterval)
        }
    }

    private func report() -> CordeeSystem_HealthReport {
        let store = CordeeSystem_PartHealth.with {
            $0.part = "store"
            ($0.state, $0.reason) = Self.state(of: overview.storeHealth())
        }
        // A module fares no better than the store that holds its data.
        let modules = overview.modules.map { module in
            CordeeSystem_PartHealth.with {
                $0.part = module.name
                ($0.state, $0.reason) = Self.worse(Self.state(of: module.health()), (store.state, store.reason))
            }
        }
        return .with {
            $0.parts = [store] + modules
            $0.state = $0.parts.map(\.state).max { $0.rawValue < $1.rawValue } ?? .serving
        }
    }

    private typealias State = (CordeeSystem_HealthState, reason: String)

    /// The values of the enum rise from good to bad.
    private static func worse(_ one: State, _ other: State) -> State {
        one.0.rawValue >= other.0.rawValue ? one : other
    }

    private static func state(of health: ModuleHealth) -> State {
        switch health {
        case .serving: (.serving, "")
        case .degraded(let reason): (.degraded, reason)
        case .notServing(let reason): (.notServing, reason)
        }
    }

    private static func state(of health: StoreHealth) -> (CordeeSystem_HealthState, String) {
        switch health {
        case .ok, .checking: (.serving, "")
        case .failing(let reason): (.degraded, "\(reason)")
        }
    }
}
