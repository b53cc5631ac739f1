import CordeeAPI
import ModuleKit
import Store
import SwiftProtobuf

/// What the daemon can say of itself: settled once at the start, but for the health.
struct DaemonOverview: Sendable {
    struct Module: Sendable {
        var name: String
        var version: String
        var requires: [String]
    }

    let startedAt: Timestamp
    let modules: [Module]
    let catalog: APICatalog
    /// How the store fares now.
    let storeHealth: @Sendable () -> StoreHealth
}
