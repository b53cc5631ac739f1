/// The rule for all time after a zone file's table: the `TZ` string of POSIX in its footer (RFC 8536 §3.3).
///
/// `EST5EDT,M3.2.0,M11.1.0` reads: five hours behind UTC; one hour less from the second Sunday of March, 02:00, to the
/// first Sunday of November, 02:00.
struct POSIXTimeZone: Equatable, Sendable {
    /// A day of each year.
    enum Day: Equatable, Sendable {
        /// `Jn`, 1…365, never counting 29 February.
        case julian(Int)
        /// `n`, 0…365, counting it.
        case ordinal(Int)
        /// `Mm.w.d`: weekday d (0 = Sunday) of week w (5 = last) of month m.
        case week(month: Int, week: Int, weekday: Int)
    }
    /// A moment of each year, in the clock time that ends with it; `seconds` may lie outside of the day (±167 h).
    struct Turn: Equatable, Sendable {
        var day: Day
        var seconds: Int
    }
    struct Summer: Equatable, Sendable {
        var offset: Int
        var start: Turn
        var end: Turn
    }

    /// Seconds east of UTC.
    let standardOffset: Int
    let summer: Summer?

    /// Nil when the text is not one.
    init?(_ text: [UInt8]) {
        var digits = Digits(text)
        guard Self.skipName(&digits), let west = Self.scanTime(&digits, hoursMax: 24) else { return nil }
        standardOffset = -west
        if digits.isAtEnd {
            summer = nil
            return
        }
        guard let summer = Self.scanSummer(&digits, standardOffset: -west), digits.isAtEnd else { return nil }
        self.summer = summer
    }

    /// The changes of offset that the rule makes around `year`, in order: from the year before to the year after.
    func turns(around year: Int) -> [(at: Int64, offset: Int)] {
        guard let summer else { return [] }
        var turns: [(at: Int64, offset: Int, isStart: Bool)] = []
        for year in (year - 1)...(year + 1) {
            turns.append((summer.start.seconds(in: year) - Int64(standardOffset), summer.offset, true))
            turns.append((summer.end.seconds(in: year) - Int64(summer.offset), standardOffset, false))
        }
        // Where one summer's end is the next one's start, summer lasts all year (RFC 8536 §3.3.1): starts come last.
        turns.sort { ($0.at, $0.isStart ? 1 : 0) < ($1.at, $1.isStart ? 1 : 0) }
        return turns.map { ($0.at, $0.offset) }
    }

    func offset(at seconds: Int64) -> Int {
        let turns = turns(around: LocalDateTime(secondsSinceEpoch: seconds).date.year)
        return turns.last { $0.at <= seconds }?.offset ?? standardOffset
    }
}

extension POSIXTimeZone.Turn {
    /// The clock time of the turn in that year, as seconds since the epoch of a clock that shows UTC.
    func seconds(in year: Int) -> Int64 {
        let newYear = CivilDate.daysSinceEpoch(year: year, month: 1, day: 1)
        let day: Int64
        switch self.day {
        case .julian(let number):
            day = newYear + Int64(number - 1 + (number >= 60 && CivilDate.isLeap(year) ? 1 : 0))
        case .ordinal(let number):
            day = newYear + Int64(number)
        case .week(let month, let week, let weekday):
            let first = CivilDate.daysSinceEpoch(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday, number 4.
            let firstWeekday = (first + 4).floorDivided(by: 7).remainder
            var offset = (Int64(weekday) - firstWeekday + 7) % 7 + Int64(week - 1) * 7
            if offset >= Int64(CivilDate.dayCount(year: year, month: month)) { offset -= 7 }
            day = first + offset
        }
        return day * 86_400 + Int64(seconds)
    }
}

extension POSIXTimeZone {
    /// A name is three letters or more, or anything alphanumeric in angle brackets.
    private static func skipName(_ digits: inout Digits) -> Bool {
        if digits.take("<") {
            let name = digits.take { isLetter($0) || (48...57).contains($0) || $0 == 43 || $0 == 45 }
            return name.count >= 3 && digits.take(">")
        }
        return digits.take(while: isLetter).count >= 3
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }

    /// `[+|-]hh[:mm[:ss]]` in seconds.
    private static func scanTime(_ digits: inout Digits, hoursMax: Int) -> Int? {
        let isNegative = digits.take("-")
        if !isNegative { _ = digits.take("+") }
        guard let hours = digits.number(widthMax: 3), hours <= hoursMax else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where digits.take(":") {
            guard let value = digits.number(width: 2), value < 60 else { return nil }
            seconds += value * unit
        }
        return isNegative ? -seconds : seconds
    }

    private static func scanSummer(_ digits: inout Digits, standardOffset: Int) -> Summer? {
        guard skipName(&digits) else { return nil }
        var offset = standardOffset + 3600
        if digits.peek != 44 {
            guard let west = scanTime(&digits, hoursMax: 24) else { return nil }
            offset = -west
        }
        guard digits.take(","), let start = scanTurn(&digits), digits.take(","), let end = scanTurn(&digits) else {
            return nil
        }
        return Summer(offset: offset, start: start, end: end)
    }

    private static func scanTurn(_ digits: inout Digits) -> Turn? {
        guard let day = scanDay(&digits) else { return nil }
        guard digits.take("/") else { return Turn(day: day, seconds: 7200) }
        return scanTime(&digits, hoursMax: 167).map { Turn(day: day, seconds: $0) }
    }

    private static func scanDay(_ digits: inout Digits) -> Day? {
        if digits.take("M") {
            guard let month = digits.number(widthMax: 2), (1...12).contains(month), digits.take("."),
                let week = digits.number(width: 1), (1...5).contains(week), digits.take("."),
                let weekday = digits.number(width: 1), weekday <= 6
            else { return nil }
            return .week(month: month, week: week, weekday: weekday)
        }
        if digits.take("J") {
            guard let number = digits.number(widthMax: 3), (1...365).contains(number) else { return nil }
            return .julian(number)
        }
        guard let number = digits.number(widthMax: 3), number <= 365 else { return nil }
        return .ordinal(number)
    }
}
