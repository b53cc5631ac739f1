import CordeeAPI
import ModuleKit
import RPC
import Store

/// `cordee.system.v1.Health`: how the store and each module fare.
struct HealthHandlers: HealthService {
    typealias Contexts = ModuleCalls

    let overview: DaemonOverview

    func check(_ request: CordeeSystem_CheckRequest, _ call: ReadCall) throws -> CordeeSystem_HealthReport {
        let store = CordeeSystem_PartHealth.with {
            $0.part = "store"
            ($0.state, $0.reason) = Self.state(of: overview.storeHealth())
        }
        // A module has no state of its own beside the store's, so it fares as the store does.
        let modules = overview.modules.map { module in
            CordeeSystem_PartHealth.with {
                $0.part = module.name
                $0.state = store.state
            }
        }
        return .with {
            $0.state = store.state
            $0.parts = [store] + modules
        }
    }

    private static func state(of health: StoreHealth) -> (CordeeSystem_HealthState, String) {
        switch health {
        case .ok, .checking: (.serving, "")
        case .failing(let reason): (.degraded, "\(reason)")
        }
    }
}
