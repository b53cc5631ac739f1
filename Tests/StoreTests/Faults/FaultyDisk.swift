import FaultVFS

/// A disk in memory that SQLite takes for one of the machine's: it loses power, and fails, when a test says so.
///
/// See `fault_vfs.h` for what it believes of disks. It must outlive all connections.
// Proof: each function of the C side takes the disk's own lock; the disk is freed in `deinit` only.
final class FaultyDisk: @unchecked Sendable {
    /// What fails.
    struct Kinds: OptionSet {
        let rawValue: Int
        static let read = Kinds(rawValue: FAULT_READ)
        static let write = Kinds(rawValue: FAULT_WRITE)
        static let sync = Kinds(rawValue: FAULT_SYNC)
        static let truncate = Kinds(rawValue: FAULT_TRUNCATE)
        static let open = Kinds(rawValue: FAULT_OPEN)
        static let delete = Kinds(rawValue: FAULT_DELETE)
        static let sharedMemory = Kinds(rawValue: FAULT_SHM)
    }

    /// What an fsync is worth.
    enum Sync { case honest, lying, late }

    private let disk: OpaquePointer

    init() { disk = fault_disk_make() }

    private init(_ disk: OpaquePointer) { self.disk = disk }

    deinit { fault_disk_free(disk) }

    /// For `StoreSeams.vfs`.
    var name: String { String(cString: fault_disk_name(disk)) }

    /// What the machine finds when the power is back. Seed 0: only what was durable; others: some of the rest too.
    func afterPowerLoss(seed: UInt64) -> FaultyDisk { FaultyDisk(fault_disk_after_power_loss(disk, seed)) }

    /// The power goes just before the `change`-th change from now on; 1 is the next.
    func cut(beforeChange change: UInt64) { fault_disk_cut_before_change(disk, change) }

    func cut() { fault_disk_cut(disk) }

    var isCut: Bool { fault_disk_is_cut(disk) != 0 }

    var changeCount: UInt64 { fault_disk_changes(disk) }

    func callCount(_ kinds: Kinds) -> UInt64 { fault_disk_calls(disk, Int32(kinds.rawValue)) }

    /// The `first`-th call of `kinds` from now on, and `count` - 1 after it, fail with SQLite's `code`.
    func fail(_ kinds: Kinds, first: UInt64, count: UInt64, code: Int32) {
        fault_disk_fail(disk, Int32(kinds.rawValue), first, count, code)
    }

    /// Nothing fails any more; how many calls have.
    @discardableResult
    func heal() -> UInt64 { fault_disk_heal(disk) }

    func setSync(_ sync: Sync) {
        let mode =
            switch sync {
            case .honest: FAULT_SYNC_HONEST
            case .lying: FAULT_SYNC_LYING
            case .late: FAULT_SYNC_LATE
            }
        fault_disk_set_sync(disk, Int32(mode))
    }

    /// SQLite's integrity_check; nil when it finds nothing.
    func damage(in path: String) -> String? {
        var finding = [CChar](repeating: 0, count: 200)
        guard fault_disk_check(disk, path, &finding, Int32(finding.count)) != 0 else { return nil }
        return String(decoding: finding.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
