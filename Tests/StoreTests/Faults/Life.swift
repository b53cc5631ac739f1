import Metrics
import Store
import TestSupport
import Threading

/// A store on a faulty disk from its opening to its close, under a load of groups, refusals, reads and checkpoints.
struct Life {
    let disk: FaultyDisk
    let store: Store
    let ledger: Ledger
    let metrics: MetricsRegistry
    private let path: String

    /// Opens the store, and makes the tables unless they are there.
    init(
        on disk: FaultyDisk, in folder: TemporaryFolder, ledger: Ledger? = nil,
        _ change: (inout StoreOptions) -> Void = { _ in }
    ) throws {
        (self.disk, self.ledger) = (disk, ledger ?? Ledger(disk))
        path = folder.file("cordee.db")
        var options = StoreOptions(path: path)
        options.seams.vfs = disk.name
        options.groupDurationMax = .seconds(60)
        options.bodyBudget = .seconds(60)
        options.reportThreads = 1
        // Small, so that a few groups meet checkpoints, a WAL that starts anew, and pages that leave the cache early.
        options.checkpointBytes = 20 * 4096
        options.walBytesMax = 24 * 4096
        options.cacheKiB = 40
        change(&options)
        metrics = MetricsRegistry()
        store = try Store.open(options, metrics: metrics)
        do { try store.migrate([Deed.schema]) } catch {
            store.close()
            throw error
        }
    }

    /// Four deeds in one group, the second of which refuses itself; the first has the id 4 × `number` + 1.
    func round(_ number: Int) async {
        let (gate, sink) = (Gate(), CountingSink())
        // Nobody wants it: the group begins with the first deed, when all of them wait.
        let isWanted: @Sendable () -> Bool = {
            gate.hold()
            return false
        }
        store.submit("gate", deliver: sink, isWanted: isWanted, { _ in }, { _ in })
        await withCheckedContinuation { continuation in
            let left = Lock(4)
            for id in (1...4).map({ 4 * number + $0 }) {
                let deed: @Sendable (Transaction) throws -> Void = { try Deed.run(id, isRefused: id % 4 == 2, $0) }
                store.submit("deed \(id)", deliver: sink, deed) { [ledger] result in
                    ledger.answered(id, result)
                    let isLast = left.withLock { left in
                        left -= 1
                        return left == 0
                    }
                    if isLast { continuation.resume() }
                }
            }
            gate.open()
        }
        // So that a life is the same each time.
        store.waitForCheckpoint()
    }

    /// What a report finds that contradicts what was told.
    func report() async throws -> [String] {
        try await store.report(timeLimit: .seconds(60)) { [ledger] db in try ledger.contradictions(in: db) }
    }

    /// Whether checkpoints, and restarts of the WAL, were part of it.
    var metCheckpoints: Bool { metric("checkpoints") > 0 && metric("wal_restarts") > 0 }

    func metric(_ name: String) -> Int64 {
        guard let family = metrics.snapshot().first(where: { $0.name == "cordee_store_" + name }),
            case .counter(let value) = family.samples.first?.value
        else { return -1 }
        return value
    }

    /// After its end: what is left when the power goes, judged by a second life on the same disk, which also writes.
    ///
    /// With every other pair of seeds the power goes once more while the second life opens.
    static func contradictions(
        afterPowerLoss seed: UInt64, of disk: FaultyDisk, _ ledger: Ledger, in folder: TemporaryFolder
    ) async throws -> [String] {
        var survivor = disk.afterPowerLoss(seed: seed)
        if seed / 2 % 2 == 1 {
            survivor.cut(beforeChange: 1 + seed / 4 % 8)
            if let life = try? Life(on: survivor, in: folder) { life.store.close() }
            survivor.cut()
            survivor = survivor.afterPowerLoss(seed: seed + 1)
        }
        let second = try Life(on: survivor, in: folder)
        var found = try ledger.contradictions(in: second.store.makeReader())
        await second.round(1000)
        if second.ledger.acked != [4001, 4003, 4004] { found.append("the second life cannot write") }
        found += try second.ledger.contradictions(in: second.store.makeReader())
        second.store.close()
        if let damage = survivor.damage(in: second.path) { found.append("damage: \(damage)") }
        return found
    }
}
