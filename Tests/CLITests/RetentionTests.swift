import Calendar
import TestSupport
import Testing

@testable import CordeeCLI

@Suite("Which backups are kept")
struct RetentionTests {
    private static func name(day: Int, second: Int = 0) -> BackupName {
        // 2026-11-23 was a Monday.
        BackupName(at: Timestamp(seconds: 1_795_392_000 + Int64(day * 86_400 + second)))
    }

    @Test("names say when a backup was made, and other names are not ours")
    func names() throws {
        #expect(Self.name(day: 0).text == "cordee-20261123T000000Z.db")
        #expect(Self.name(day: 0).week == Self.name(day: 6, second: 86_399).week)
        #expect(Self.name(day: 0).week == Self.name(day: -1).week + 1)
        let read = try #require(BackupName("cordee-20261123T235959Z.db"))
        #expect(read == BackupName(at: Timestamp(seconds: 1_795_392_000 + 86_399)))
        for other in [
            "cordee.db", "cordee-20261123T000000Z.db.new", "cordee-20261323T000000Z.db", "cordee-2026112T3000000Z.db",
            "before-20261123T000000Z-0.1.0.db", "cordee-20261123 000000Z.db", "x-cordee-20261123T000000Z.db", "",
        ] {
            #expect(BackupName(other) == nil, "\(other)")
        }
    }

    /// What the rule says, word by word and without regard to cost.
    private static func keeps(_ name: BackupName, among all: [BackupName], _ rule: Retention) -> Bool {
        let isLastOfDay = !all.contains { $0.day == name.day && $0 > name }
        let isLastOfWeek = !all.contains { $0.week == name.week && $0 > name }
        let laterDays = Set(all.map(\.day)).count { $0 > name.day }
        let laterWeeks = Set(all.map(\.week)).count { $0 > name.week }
        return name == all.max() || (isLastOfDay && laterDays < rule.days) || (isLastOfWeek && laterWeeks < rule.weeks)
    }

    @Test("agrees with the rule, keeps the newest, and a second look deletes nothing more", arguments: UInt64(0)..<200)
    func agreesWithRule(seed: UInt64) {
        var random = Random(seed: seed)
        let rule = Retention(days: Int.random(in: 0...9, using: &random), weeks: Int.random(in: 0...6, using: &random))
        let span = Int.random(in: 1...90, using: &random)
        let all = Set(
            (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Self.name(
                    day: Int.random(in: -span...span, using: &random),
                    second: Int.random(in: 0..<86_400, using: &random))
            }
        ).sorted().shuffled(using: &random)
        let discarded = rule.discarded(of: all)
        #expect(discarded == all.filter { !Self.keeps($0, among: all, rule) }.sorted())
        let kept = all.filter { !discarded.contains($0) }
        #expect(kept.max() == all.max())
        #expect(kept.count <= max(rule.days + rule.weeks, 1))
        #expect(rule.discarded(of: kept) == [])
    }

    @Test("a backup each day leaves seven days and the last of each of five weeks")
    func daily() {
        var there: [BackupName] = []
        for day in 0..<200 {
            there.append(Self.name(day: day, second: 7_200))
            let gone = Set(Retention(days: 7, weeks: 5).discarded(of: there))
            there.removeAll { gone.contains($0) }
        }
        // Day 199 is a Thursday: its week so far, then the Sundays of four weeks, of which one lies in the seven days.
        #expect(
            there.map { Int($0.day - Self.name(day: 0).day) } == [174, 181, 188, 193, 194, 195, 196, 197, 198, 199])
    }
}
