import Store
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The power goes before each change that a life makes to its disk, from the making of the database on.
@Suite("Power loss")
struct PowerLossTests {
    /// Parts that run side by side.
    private static let parts: UInt64 = 4

    /// How often each moment is tried with other remains of what was not durable. More in `make torture`.
    private static let seeds: UInt64 = getenv("CORDEE_TORTURE_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 3

    /// What weakens the guarantee.
    enum Weakness: CaseIterable { case none, synchronousNormal, answerBeforeFsync, lyingFsync }

    /// One life whose power goes before the `change`-th change, if it makes so many; whether it did.
    private static func live(
        until change: UInt64, _ weakness: Weakness, on disk: FaultyDisk, _ ledger: Ledger, in folder: TemporaryFolder
    ) async -> Bool {
        disk.cut(beforeChange: change)
        if weakness == .lyingFsync { disk.setSync(.lying) }
        let life = try? Life(on: disk, in: folder, ledger: ledger) { options in
            if weakness == .synchronousNormal { options.seams.synchronous = .normal }
            guard weakness == .answerBeforeFsync else { return }
            options.seams.commit = { commit in
                disk.setSync(.late)
                defer { disk.setSync(.honest) }
                return commit()
            }
        }
        guard let life else { return disk.isCut }
        for number in 0..<8 where !disk.isCut {
            await life.round(number)
            if number % 3 == 1 { _ = try? await life.report() }
        }
        life.store.close()
        // Else the lives are too short.
        if !disk.isCut { #expect(life.metCheckpoints) }
        return disk.isCut
    }

    /// The lives of one part, and what contradicts what was told in them: all of it, or one example.
    private func contradictions(_ weakness: Weakness, part: UInt64, all: Bool) async throws -> (lives: Int, [String]) {
        var (found, lives): ([String], Int) = ([], 0)
        for change in stride(from: part + 1, to: .max, by: Int(Self.parts)) {
            let (disk, folder) = (FaultyDisk(), try TemporaryFolder())
            let ledger = Ledger(disk)
            let wasCut = await Self.live(until: change, weakness, on: disk, ledger, in: folder)
            disk.cut()
            lives += 1
            for seed in 0..<Self.seeds {
                let seed = seed == 0 ? 0 : seed + change * 1000
                do {
                    found += try await Life.contradictions(afterPowerLoss: seed, of: disk, ledger, in: folder)
                        .map { "change \(change), seed \(seed): \($0)" }
                } catch {
                    found.append("change \(change), seed \(seed): \(error)")
                }
            }
            if !wasCut || !all && found.contains(where: Self.isLoss) { break }
        }
        return (lives, found)
    }

    private static func isLoss(_ finding: String) -> Bool { finding.contains("lost") }

    @Test("what was acked is there once, nothing half, whenever the power goes", arguments: 0..<parts)
    func nothingIsLost(part: UInt64) async throws {
        let (lives, found) = try await contradictions(.none, part: part, all: true)
        #expect(found == [])
        // That the lives were long enough to meet everything.
        #expect(lives > 50)
    }

    @Test(
        "the same test finds the losses of a weaker guarantee",
        arguments: [Weakness.synchronousNormal, .answerBeforeFsync, .lyingFsync])
    func lossesAreFound(weakness: Weakness) async throws {
        var found: [String] = []
        for part in 0..<Self.parts where !found.contains(where: Self.isLoss) {
            found = try await contradictions(weakness, part: part, all: false).1
        }
        #expect(found.contains(where: Self.isLoss))
    }
}
