import Metrics
import Store
import TestSupport
import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A store in a folder of its own, with one table `t (id INTEGER PRIMARY KEY, n INTEGER)` and one row (0, 0).
struct TestStore {
    let folder: TemporaryFolder
    let metrics: MetricsRegistry
    let options: StoreOptions
    let store: Store

    static let table = ModuleMigrations(
        module: "test",
        migrations: [
            Migration(
                "1-t",
                """
                CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0), bytes BLOB) STRICT;
                INSERT INTO t (id, n) VALUES (0, 0);
                """)
        ])

    init(
        in folder: TemporaryFolder? = nil, migrations: [ModuleMigrations] = [table],
        _ change: (inout StoreOptions) -> Void = { _ in }
    ) throws {
        self.folder = try folder ?? TemporaryFolder()
        metrics = MetricsRegistry()
        var options = StoreOptions(path: self.folder.path + "/cordee.db")
        // Groups end by their count alone, whatever else this machine does.
        options.groupDurationMax = .seconds(60)
        options.bodyBudget = .seconds(60)
        change(&options)
        self.options = options
        store = try Store.open(options, metrics: metrics)
        try store.migrate(migrations)
    }

    func metric(_ name: String) -> Int64 {
        guard let family = metrics.snapshot().first(where: { $0.name == "cordee_store_" + name }) else { return -1 }
        return switch family.samples.first?.value {
        case .counter(let value), .gauge(let value), .histogram(_, let value): value
        case nil: -1
        }
    }

    /// Bytes of a file in the folder; none when it is not there.
    func fileSize(_ name: String) -> Int {
        var status = stat()
        return stat(folder.file(name), &status) == 0 ? Int(status.st_size) : 0
    }

    /// The ids of `t` but the first, as a new reader sees them.
    func ids() throws -> [Int] {
        try store.makeReader().query("SELECT id FROM t WHERE id > 0 ORDER BY id") { row in try row.get(0) }
    }

    func add(_ id: Int) async throws {
        try await store.write("add") { db in try db.execute("INSERT INTO t (id, n) VALUES (?1, 0)", id) }
    }
}

/// Holds back whoever waits until it is opened, once and for all.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())
    private let changed = Condition()

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        changed.broadcast()
        for continuation in waiting { continuation.resume() }
    }

    /// Blocks one of the Store's own threads.
    func hold() { state.wait(on: changed, until: { $0.isOpen }, then: { _ in }) }

    /// Suspends a test.
    func opened() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Runs bodies in one group: the writer is held back by a first body until all of them are queued.
///
/// The result of each is in the order of `bodies`; `batches` tells how many answers came with each wake-up.
func inOneGroup<Value: Sendable>(
    _ store: Store, _ bodies: [@Sendable (Transaction) throws -> Value]
) async -> (results: [Result<Value, any Error>], batches: [Int]) {
    let gate = Gate()
    let sink = CountingSink()
    store.submit("gate", deliver: sink, { _ in gate.hold() }, { _ in })
    let results = await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
        for (index, body) in bodies.enumerated() {
            // Immediate: they queue up in this order.
            group.addImmediateTask {
                await withCheckedContinuation { continuation in
                    store.submit("body \(index)", deliver: sink, body) { continuation.resume(returning: (index, $0)) }
                }
            }
        }
        gate.open()
        var results: [Int: Result<Value, any Error>] = [:]
        for await (index, result) in group { results[index] = result }
        return bodies.indices.compactMap { results[$0] }
    }
    return (results, sink.batches.withLock { $0 })
}

/// Answers at once and counts the answers of each batch.
final class CountingSink: CompletionSink {
    let batches = Lock<[Int]>([])

    func deliver(_ batch: [@Sendable () -> Void]) {
        batches.withLock { $0.append(batch.count) }
        for answer in batch { answer() }
    }
}

struct Refusal: Error, Equatable {}

extension Result {
    /// The error as the Store's own, if it is one.
    var storeError: StoreError? {
        if case .failure(let error) = self { error as? StoreError } else { nil }
    }

    var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
