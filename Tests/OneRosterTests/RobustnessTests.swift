import OneRoster
import TestSupport
import Testing

/// Any bytes give a reading.
@Suite struct RobustnessTests {
    @Test("a set with random changes never crashes, and errors leave no roster", arguments: UInt64(0)..<40)
    func mutated(seed: UInt64) throws {
        var random = Random(seed: seed)
        let set = seed % 2 == 0 ? try SmallSet().files : try RosterFixture.files("oneroster_bad/formula")
        for _ in 0..<50 {
            var files = set
            for name in set.keys.sorted() where Bool.random(using: &random) {
                files[name] = Self.mutate(files[name] ?? [], &random)
            }
            let reading = RosterReader(problemsMax: 5).read(files: files)
            let hasError = reading.problems.contains { !$0.isWarning } || reading.omittedCount > 0
            #expect(reading.problems.count <= 5)
            #expect(reading.roster == nil || !reading.problems.contains { !$0.isWarning })
            #expect(reading.roster != nil || hasError)
        }
    }

    @Test("random bytes in every file never crash", arguments: UInt64(0)..<10)
    func noise(seed: UInt64) throws {
        var random = Random(seed: seed)
        var files = try SmallSet().files
        for name in ["orgs.csv", "users.csv", "roles.csv"] {
            let alphabet: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x61, 0xC3, 0xA9, 0x00, 0xFF]
            files[name]?.append(contentsOf: (0..<500).map { _ in alphabet.randomElement(using: &random) ?? 0 })
        }
        #expect(RosterReader().read(files: files).roster == nil)
    }

    /// Removes, doubles, swaps or overwrites some bytes; mostly with bytes that mean something to CSV.
    static func mutate(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, index + Int.random(in: 1...40, using: &random))
            switch Int.random(in: 0...3, using: &random) {
            case 0: bytes.removeSubrange(index..<end)
            case 1: bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &random))
            case 2: bytes[index] = [0x22, 0x2C, 0x0A, 0x0D, 0x00].randomElement(using: &random) ?? 0
            default: bytes[index] = .random(in: 0...255, using: &random)
            }
        }
        return bytes
    }

    @Test("a chain, a ring and a comb of many organisations are read in one go")
    func deepTrees() throws {
        let count = 20_000
        for parent in [{ $0 + 1 }, { ($0 + 1) % count }, { $0 % 2 == 0 ? $0 + 1 : $0 - 1 }] as [@Sendable (Int) -> Int]
        {
            var set = try SmallSet()
            for index in 0..<count {
                let above = parent(index) < count ? "o\(parent(index))" : "b-csrb"
                set.files["orgs.csv"]?.append(contentsOf: Array("o\(index),,,N,school,,\(above),,,\n".utf8))
            }
            let reading = RosterReader().read(files: set.files)
            #expect(reading.roster?.board(of: "o0") == (reading.problems.isEmpty ? "b-csrb" : nil))
            #expect(reading.problems.allSatisfy { $0.code == .orgCycle })
            #expect([0, 1, count / 2].contains(reading.problems.count + reading.omittedCount))
        }
    }
}
