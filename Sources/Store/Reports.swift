import Metrics
import Threading

/// Long reads on threads of their own, each with a read-only connection, under a time limit.
final class Reports: Sendable {
    typealias Work = @Sendable (Result<Connection, StoreError>) -> Void

    /// Work, and whether it may take longer than a report: a backup, a check of the whole file.
    private struct Item {
        let isLong: Bool
        let work: Work
    }

    private struct State {
        var waiting: [Item] = []
        var isClosed = false
    }

    private let options: StoreOptions
    private let isClosing: StopFlag
    private let gate: ReportGate
    private let held: Counter
    private let state = Lock(State())
    private let changed = Condition()

    init(_ shared: StoreShared) {
        (options, isClosing) = (shared.options, shared.isClosing)
        (gate, held) = (shared.checkpointer.reportGate, shared.metrics.reportsHeld)
    }

    /// Runs `body` in one state of the database; both ends of the wait are told by `done`, on a report thread.
    func run<Value: Sendable>(
        limit: Duration, cancelled: StopFlag, _ body: @escaping @Sendable (Reader) throws -> Value,
        _ done: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let limit = limit.nanoseconds
        let work: Work = { connection in
            done(
                Result {
                    if cancelled.isRaised { throw StoreError.cancelled }
                    let (deadline, overflow) = MonotonicClock.now().addingReportingOverflow(limit)
                    let reader = Reader(try connection.get())
                    return try reader.limited(
                        .init(deadline: overflow ? .max : deadline, error: .timeLimit, cancelled: cancelled), body)
                })
        }
        do throws(StoreError) { try add(Item(isLong: false, work: work)) } catch { done(.failure(error)) }
    }

    /// Queues work of any length that needs a connection.
    func add(_ work: @escaping Work) throws(StoreError) { try add(Item(isLong: true, work: work)) }

    private func add(_ item: Item) throws(StoreError) {
        try state.withLock { (state) throws(StoreError) in
            if state.isClosed { throw .closed }
            if state.waiting.count >= options.reportQueueMax { throw .overloaded }
            state.waiting.append(item)
        }
        changed.signal()
    }

    /// Those that run are interrupted by `isClosing`, those that wait are told that the store is closed.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        changed.broadcast()
        for item in waiting { item.work(.failure(.closed)) }
    }

    /// A thread's function.
    func serve() {
        var connection: Connection?
        while let item = nextItem() {
            if gate.enter(isLong: item.isLong) { held.add() }
            defer { gate.leave(isLong: item.isLong) }
            do throws(StoreError) {
                let open = if let connection { connection } else { try openConnection() }
                connection = open
                item.work(.success(open))
            } catch {
                item.work(.failure(error))
            }
        }
    }

    private func openConnection() throws(StoreError) -> Connection {
        try Connection(options, .readOnly, storeIsClosing: isClosing)
    }

    private func nextItem() -> Item? {
        state.wait(on: changed, until: { !$0.waiting.isEmpty || $0.isClosed }) { state in
            state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
    }
}
