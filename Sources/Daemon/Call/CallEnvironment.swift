import EventLoop
import ModuleKit
import RPC
import Store

/// What the life of every call needs; made once, when the daemon starts.
struct CallEnvironment: Sendable {
    let store: Store
    let workers: WorkerPool
    let authenticator: Authenticator
    let effects: WriteEffects
    let pageTokens: PageTokens
    let answers: KeptAnswers
    let accesses: AccessRecorder
    /// The paths of methods whose answers are not kept.
    let secretMethods: Set<String>
    /// The rule of each method by its path.
    let rules: [String: AccessRule]
}
