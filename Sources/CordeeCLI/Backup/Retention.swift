import Calendar

/// Which of a folder's backups are kept: the newest of each of the last days, and of each of the last weeks, that have
/// one. Pure.
struct Retention: Sendable, Equatable {
    /// How many days, as UTC counts them.
    let days: Int
    /// How many weeks, from Monday on.
    let weeks: Int

    /// What is not kept, oldest first. The newest of all always is.
    func discarded(of backups: [BackupName]) -> [BackupName] {
        let newestFirst = backups.sorted(by: >)
        var kept = Set(newestFirst.prefix(1))
        kept.formUnion(Self.newest(of: newestFirst, in: days) { $0.day })
        kept.formUnion(Self.newest(of: newestFirst, in: weeks) { $0.week })
        return newestFirst.reversed().filter { !kept.contains($0) }
    }

    /// The first of each of the first `count` periods.
    private static func newest(
        of newestFirst: [BackupName], in count: Int, _ period: (BackupName) -> Int64
    ) -> [BackupName] {
        var (seen, chosen): (Set<Int64>, [BackupName]) = ([], [])
        for name in newestFirst where seen.count < count && seen.insert(period(name)).inserted { chosen.append(name) }
        return chosen
    }
}

/// The name of a backup that says when it was made: `cordee-20261124T203000Z.db`.
struct BackupName: Hashable, Comparable, Sendable {
    let text: String
    /// Days since 1970-01-01, in UTC.
    let day: Int64

    private static let (prefix, suffix) = ("cordee-", ".db")

    init(at instant: Timestamp) {
        let stamp = Timestamp(seconds: instant.seconds).description.filter { $0 != "-" && $0 != ":" }
        text = Self.prefix + stamp + Self.suffix
        day = instant.seconds >= 0 ? instant.seconds / 86_400 : (instant.seconds - 86_399) / 86_400
    }

    /// Nil for any other name: such a file is not ours to delete.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), text.hasSuffix(Self.suffix) else { return nil }
        let stamp = Array(text.utf8.dropFirst(Self.prefix.utf8.count).dropLast(Self.suffix.utf8.count))
        guard stamp.count == 16, stamp[8] == UInt8(ascii: "T"), stamp[15] == UInt8(ascii: "Z") else { return nil }
        let digits = stamp[..<8] + stamp[9..<15]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        let numbers = [0..<4, 4..<6, 6..<8].compactMap { Int(String(decoding: stamp[$0], as: UTF8.self)) }
        guard numbers.count == 3, let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]) else {
            return nil
        }
        self.text = text
        day = date.daysSinceEpoch
    }

    /// Weeks since the Monday before 1970-01-01, which was a Thursday.
    var week: Int64 { day >= -3 ? (day + 3) / 7 : (day + 3 - 6) / 7 }

    /// As the instants: digits of a fixed width sort as numbers do.
    static func < (left: BackupName, right: BackupName) -> Bool { left.text < right.text }
}
