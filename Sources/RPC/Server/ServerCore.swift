import EventLoop
import Metrics
import Synchronization

/// What all loops of a server share: constants, and the few numbers that count over all of them.
final class ServerCore: Sendable {
    let methods: [ServerMethod]
    /// The methods' handlers, apart so that a call copies no names.
    let handlers: [@Sendable (ServerCall, RawSpan) -> Void]
    /// How many messages each method takes and gives.
    let kinds: [StreamingKind]
    let names: MethodNames
    let limits: ServerLimits
    /// `limits.callTimeoutMax` in nanoseconds.
    let callTimeoutMax: UInt64
    let metrics: ServerMetrics
    let makeObserver: @Sendable (EventLoop) -> any LoopObserver
    /// Calls that are open beyond their batch.
    let openCallCount = Atomic<Int>(0)
    /// Connections accepted and not closed yet.
    let connectionCount = Atomic<Int>(0)
    /// New calls are refused from the beginning of the shutdown on.
    let isDraining = Atomic<Bool>(false)
    private let lastConnectionID = Atomic<UInt64>(0)

    init(
        _ table: MethodTable, _ limits: ServerLimits, _ registry: MetricsRegistry,
        _ makeObserver: @escaping @Sendable (EventLoop) -> any LoopObserver
    ) {
        methods = table.methods
        handlers = table.methods.map { $0.handle }
        kinds = table.methods.map { $0.kind }
        names = MethodNames(table.methods.map { ($0.service, $0.name) })
        (self.limits, self.makeObserver) = (limits, makeObserver)
        callTimeoutMax = limits.callTimeoutMax.nanoseconds
        metrics = ServerMetrics(registry)
    }

    func nextConnectionID() -> UInt64 { lastConnectionID.add(1, ordering: .relaxed).newValue }

    /// Counts one more connection, or refuses it at the bound.
    func admitConnection() -> Bool {
        guard !isDraining.load(ordering: .relaxed) else { return false }
        if connectionCount.add(1, ordering: .relaxed).newValue > limits.connectionsMax {
            connectionCount.subtract(1, ordering: .relaxed)
            metrics.connectionsRefused.add()
            return false
        }
        metrics.connections.add(1)
        return true
    }

    func releaseConnection() {
        connectionCount.subtract(1, ordering: .relaxed)
        metrics.connections.add(-1)
    }
}
