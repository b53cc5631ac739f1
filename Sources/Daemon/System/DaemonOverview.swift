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
        /// How it fares now.
        var health: @Sendable () -> ModuleHealth
    }

    let startedAt: Timestamp
    let modules: [Module]
    let catalog: APICatalog
    /// How the store fares now.
    let storeHealth: @Sendable () -> StoreHealth
    /// How often a watcher's health is looked at.
    let healthInterval: Duration
}
