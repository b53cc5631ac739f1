import Store
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Each call that a store makes to its disk fails once, and fails for a while.
@Suite("A failing disk")
struct FailingDiskTests {
    /// A way to fail, by SQLite's extended result codes.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kinds: FaultyDisk.Kinds
        let code: Int32
        /// What is read does not depend on it.
        var sparesReads = true
    }

    private static let ioError: Int32 = 10
    private static let faults = [
        Fault(testDescription: "read", kinds: .read, code: ioError | 1 << 8, sparesReads: false),
        Fault(testDescription: "write", kinds: .write, code: ioError | 3 << 8),
        Fault(testDescription: "full", kinds: .write, code: 13),
        Fault(testDescription: "fsync", kinds: .sync, code: ioError | 4 << 8),
        Fault(testDescription: "truncate", kinds: .truncate, code: ioError | 6 << 8),
        Fault(testDescription: "open", kinds: .open, code: 14),
        Fault(testDescription: "shared memory", kinds: .sharedMemory, code: ioError | 21 << 8, sparesReads: false),
    ]

    /// Everything at once, but only for a while: once, it would be one of the others.
    private static let everything = Fault(
        testDescription: "everything", kinds: [.read, .write, .sync, .truncate, .open], code: ioError,
        sparesReads: false)

    /// A fault that lasts begins at each call with this distance: `make torture` begins at all of them.
    private static let stride: UInt64 = getenv("CORDEE_TORTURE_SEEDS") == nil ? 5 : 1

    /// A disk with a database of one round, cleanly closed.
    private static func template() async throws -> FaultyDisk {
        let (disk, folder) = (FaultyDisk(), try TemporaryFolder())
        let life = try Life(on: disk, in: folder)
        await life.round(0)
        life.store.close()
        return disk.afterPowerLoss(seed: 0)
    }

    /// One life during which the `first`-th call and the `count` - 1 after it fail. Nil when it has not so many calls.
    private static func live(
        _ fault: Fault, first: UInt64, count: UInt64, from template: FaultyDisk
    ) async throws -> [String]? {
        let (disk, folder) = (template.afterPowerLoss(seed: 0), try TemporaryFolder())
        let ledger = Ledger(disk)
        let life = try Life(on: disk, in: folder, ledger: ledger)
        let reader = try life.store.makeReader()
        var found = try ledger.contradictions(in: reader)
        disk.fail(fault.kinds, first: first, count: count, code: fault.code)
        for number in 1...6 {
            await life.round(number)
            do { found += try ledger.contradictions(in: reader) } catch {
                if fault.sparesReads { found.append("a read failed: \(error)") }
            }
            if number % 2 == 0 { do { found += try await life.report() } catch is StoreError {} }
        }
        let hits = disk.heal()
        if count == 1 { found += tooMany(ledger.errors) }
        found += ledger.errors.values.filter { !$0.concernsTheMachine }.map { "not the disk's fault: \($0)" }
        found += try await recovery(of: life, from: 7, reader)
        life.store.close()
        disk.cut()
        found += try await Life.contradictions(afterPowerLoss: 0, of: disk, ledger, in: folder)
        // The life without a fault is the last one: it must have met everything.
        if hits == 0 { #expect(life.metCheckpoints) }
        return hits == 0 ? nil : found
    }

    /// One call failed: one body may have, or all of one group whose COMMIT it was.
    private static func tooMany(_ errors: [Int: StoreError]) -> [String] {
        let groups = Set(errors.keys.map { ($0 - 1) / 4 })
        if errors.count <= 1 || groups.count == 1 && errors.values.allSatisfy({ $0 == .commitUnknown }) { return [] }
        return ["one fault, these failed: \(errors)"]
    }

    /// The fault has ended: the first write succeeds, and after the next checkpoint all is well.
    private static func recovery(of life: Life, from first: Int, _ reader: Reader) async throws -> [String] {
        let before = life.metric("checkpoints")
        var number = first
        repeat {
            await life.round(number)
            number += 1
        } while life.metric("checkpoints") == before && number < first + 20
        var found = try life.ledger.contradictions(in: reader)
        let late = life.ledger.errors.filter { $0.key > 4 * first }
        if !late.isEmpty { found.append("after the fault: \(late)") }
        if life.store.health != .ok { found.append("health: \(life.store.health)") }
        return found
    }

    @Test("one that fails hits its own caller, spares the others, and is over when it is over", arguments: faults)
    func once(fault: Fault) async throws {
        let template = try await Self.template()
        var (found, first): ([String], UInt64) = ([], 1)
        while let lived = try await Self.live(fault, first: first, count: 1, from: template) {
            found += lived.map { "call \(first): \($0)" }
            first += 1
        }
        #expect(found == [])
        #expect(first > 1)
    }

    @Test(
        "one that fails for a while loses nothing acked, keeps nothing failed, and is over when it is over",
        arguments: faults + [everything])
    func forAWhile(fault: Fault) async throws {
        let template = try await Self.template()
        var (found, first): ([String], UInt64) = ([], 1)
        while let lived = try await Self.live(fault, first: first, count: 12, from: template) {
            found += lived.map { "call \(first): \($0)" }
            first += Self.stride
        }
        #expect(found == [])
    }
}
