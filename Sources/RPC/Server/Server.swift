public import EventLoop
public import Metrics
import Synchronization
import Threading

/// Answers calls on listening sockets: each connection belongs to one of the loops for life.
public final class Server: Sendable {
    /// Why a server does not listen.
    public struct ShutDown: Error, Equatable {}

    private struct State {
        var listeners: [Listener] = []
        var isShutDown = false
    }

    let core: ServerCore
    let slots: [LoopBound<LoopSlot>]
    private let state = Lock(State())
    private let nextSlot = Atomic<Int>(0)

    /// - Parameters:
    ///   - loops: started by the caller, who stops them after `shutdown`; at least one.
    ///   - observer: makes what the caller hangs onto a loop, on that loop, before its first connection.
    public init(
        methods: MethodTable, limits: ServerLimits, loops: [EventLoop], metrics: MetricsRegistry,
        observer: @escaping @Sendable (EventLoop) -> any LoopObserver
    ) {
        precondition(!loops.isEmpty, "a server needs a loop")
        core = ServerCore(methods, limits, metrics, observer)
        slots = loops.map { LoopBound(handing: LoopSlot(), to: $0) }
    }

    /// Takes the connections that come to `socket`: its listener lives on the first loop, the connections go round.
    ///
    /// When it returns, each loop has its observer and connections are taken.
    /// - Parameter layer: put on each connection that comes to this socket, as TLS is.
    /// - Throws: `ShutDown` after `shutdown`; the socket is closed.
    public func listen(
        on socket: consuming ListeningSocket, through layer: @escaping TransportLayer = { $0 }
    ) async throws(ShutDown) {
        for slot in slots { await openContext(slot) }
        let listener = Listener(socket, on: slots[0].loop) { [self] socket in accept(socket, layer) }
        let isShutDown = state.withLock { state in
            if !state.isShutDown { state.listeners.append(listener) }
            return state.isShutDown
        }
        guard isShutDown else { return }
        listener.close()
        throw ShutDown()
    }

    /// Where the server listens; the real port when 0 was asked.
    public var localAddresses: [SocketAddress] { state.withLock { $0.listeners.map(\.localAddress) } }

    /// Closes the listeners, now and for ever.
    func stopListening() {
        let listeners = state.withLock { state in
            defer { state.listeners = [] }
            state.isShutDown = true
            return state.listeners
        }
        for listener in listeners { listener.close() }
    }

    private func openContext(_ slot: LoopBound<LoopSlot>) async {
        await withCheckedContinuation { continuation in
            slot.loop.execute { [core] in
                _ = slot.value.context(on: slot.loop, core)
                continuation.resume()
            }
        }
    }

    private func accept(_ socket: consuming AcceptedSocket, _ layer: @escaping TransportLayer) {
        // Dropping the socket closes it.
        guard core.admitConnection() else { return }
        let slot = slots[nextSlot.add(1, ordering: .relaxed).oldValue % slots.count]
        socket.hand(to: slot.loop) { [core] socket in
            slot.value.context(on: slot.loop, core).open(socket, through: layer)
        }
    }
}

/// Where a loop keeps its context, which is made there.
final class LoopSlot {
    private var opened: LoopContext?

    func context(on loop: EventLoop, _ core: ServerCore) -> LoopContext {
        if let opened { return opened }
        let context = LoopContext(on: loop, core)
        opened = context
        return context
    }
}

extension LoopContext {
    /// Makes a connection of a socket that was counted already.
    func open(_ socket: consuming AcceptedSocket, through layer: TransportLayer) {
        guard case .serving = drain,
            let stream = try? Stream.adopt(socket, on: loop, keepAlive: core.limits.tcpKeepAlive)
        else {
            return core.releaseConnection()
        }
        let connection = ServerConnection(layer(stream), in: self)
        connections[connection.id] = connection
        sweep.begin { [weak self] in self.map { Array($0.connections.values) } ?? [] }
        observer.connectionOpened(connection)
        connection.start()
    }

    /// The connection is closed.
    func remove(_ connection: ServerConnection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        core.releaseConnection()
        observer.connectionClosed(connection)
        finishDrainIfIdle()
    }
}
