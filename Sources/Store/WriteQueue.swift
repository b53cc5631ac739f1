import Metrics
import Threading

/// What waits for the writer's thread, in order, bounded.
final class WriteQueue: Sendable {
    enum Item: Sendable {
        case body(WriteBody)
        /// Work between two groups on the writer's own connection, or with the reason why there is none.
        case maintenance(@Sendable (Result<Connection, StoreError>) -> Void)
    }

    enum Refusal: Error { case full, closed }

    private struct State {
        var items: [Item] = []
        var isClosed = false
    }

    private let state = Lock(State())
    private let changed = Condition()
    private let countMax: Int
    private let waiting: Gauge

    init(countMax: Int, waiting: Gauge) { (self.countMax, self.waiting) = (countMax, waiting) }

    func add(_ item: Item) throws(Refusal) {
        let wasEmpty = try state.withLock { (state) throws(Refusal) in
            if state.isClosed { throw .closed }
            if state.items.count >= countMax { throw .full }
            state.items.append(item)
            return state.items.count == 1
        }
        waiting.add(1)
        if wasEmpty { changed.signal() }
    }

    /// Waits until something is there, then takes all of it; nothing means that the queue is closed and empty.
    func takeAllWaiting() -> [Item] {
        let items = state.wait(on: changed, until: { !$0.items.isEmpty || $0.isClosed }, then: Self.takeItems)
        waiting.add(-Int64(items.count))
        return items
    }

    /// Takes what is there now.
    func takeAll() -> [Item] {
        let items = state.withLock(Self.takeItems)
        waiting.add(-Int64(items.count))
        return items
    }

    /// Nothing more is taken in; what waits is still done.
    func close() {
        state.withLock { $0.isClosed = true }
        changed.broadcast()
    }

    private static func takeItems(_ state: inout sending State) -> sending [Item] {
        let items = state.items
        state.items = []
        return items
    }
}
