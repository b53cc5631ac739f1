@testable import Calendar

/// Zone files give rules or an error; by rules, instants and clock times agree. Texts of time are read or refused, and
/// what was read writes itself as what it was.
struct ZoneSubject {
    private let input: [UInt8]

    init(_ input: [UInt8]) { self.input = input }

    func run() throws {
        if input.starts(with: "TZif".utf8) {
            guard let rules = try? TimeZoneRules(tzif: input) else { return }
            for seconds in Self.instants { try check(rules, Timestamp(seconds: seconds)) }
        } else {
            try checkRule()
            try checkTexts(String(decoding: input, as: UTF8.self))
        }
    }

    /// Each 231 days or so from 1890 to 2200, and the calendar's ends.
    private static var instants: [Int64] {
        Array(stride(from: -2_524_608_000, through: 7_258_118_400, by: 20_000_003))
            + [Timestamp.min.seconds, Timestamp.min.seconds + 1, Timestamp.max.seconds]
    }

    private func check(_ rules: TimeZoneRules, _ instant: Timestamp) throws {
        let local = rules.local(at: instant)
        try Finding.unless(rules.offset(at: instant).magnitude <= 93_600, "an offset beyond 26 h")
        // At the calendar's ends clock times stop, and so do instants.
        let inner = Timestamp.min + .seconds(200_000)...Timestamp.max - .seconds(200_000)
        let resolved = rules.resolve(local)
        guard inner.contains(instant) else { return }
        switch resolved {
        case .unique(let found):
            try Finding.unless(found == instant, "\(local) is \(found), and \(instant) shows it")
        case .fold(let first, let second):
            try Finding.unless(first < second && first <= instant, "a fold of \(local) begins after \(instant)")
            try Finding.unless(
                rules.local(at: first) == local && rules.local(at: second) == local, "a fold that shows another time")
        case .gap:
            throw Finding(description: "\(instant) shows \(local), which is a gap")
        }
    }

    private func checkRule() throws {
        guard let rule = POSIXTimeZone(input) else { return }
        for year in [1, 1970, 1999, 2000, 2024, 2026, 2100, 9999] {
            let turns = rule.turns(around: year).map(\.at)
            try Finding.unless(turns == turns.sorted(), "turns without order")
        }
        for seconds in Self.instants {
            let known = [rule.standardOffset, rule.summer?.offset ?? rule.standardOffset]
            try Finding.unless(known.contains(rule.offset(at: seconds)), "an offset that the rule does not name")
        }
    }

    private func checkTexts(_ text: String) throws {
        if let instant = Timestamp(text) {
            try Finding.unless(Timestamp(instant.description) == instant, "\(text) becomes \(instant)")
            for offset in [-100_000, -86_399, -18_001, -1, 0, 1, 3_600, 50_400, 86_399, 100_000] {
                let shown = instant.format(offset: offset)
                try Finding.unless(Timestamp(shown) == instant, "\(text) with offset \(offset) becomes \(shown)")
            }
        }
        if let local = LocalDateTime(text) {
            try Finding.unless(local.description.utf8.elementsEqual(text.utf8), "\(text) becomes \(local)")
            try Finding.unless(
                LocalDateTime(secondsSinceEpoch: local.secondsSinceEpoch) == local, "\(text) is no number of seconds")
        }
        if let date = CivilDate(text) {
            try Finding.unless(date.description.utf8.elementsEqual(text.utf8), "\(text) becomes \(date)")
            try Finding.unless(CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date, "\(text) is no number of days")
        }
        _ = TimeZoneCatalog.isName(text)
    }
}
