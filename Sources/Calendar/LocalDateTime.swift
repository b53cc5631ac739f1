/// What a clock on the wall shows: a date and a time of day, without a zone. With `TimeZoneRules` it becomes an instant.
public struct LocalDateTime: Hashable, Sendable {
    public let date: CivilDate
    /// 0…23.
    public let hour: Int
    /// 0…59.
    public let minute: Int
    /// 0…59: there is no leap second.
    public let second: Int

    /// Nil when a clock never shows that time.
    public init?(date: CivilDate, hour: Int, minute: Int, second: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        (self.date, self.hour, self.minute, self.second) = (date, hour, minute, second)
    }

    /// Nil when there is no such day or no such time.
    public init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int = 0) {
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        self.init(date: date, hour: hour, minute: minute, second: second)
    }

    /// What a clock in UTC shows so many seconds after the epoch; beyond the years 1…9999 their first or last second.
    init(secondsSinceEpoch: Int64) {
        let seconds = min(max(secondsSinceEpoch, Timestamp.min.seconds), Timestamp.max.seconds)
        let (days, rest) = seconds.floorDivided(by: 86_400)
        date = CivilDate(daysSinceEpoch: days)
        hour = Int(rest / 3600)
        minute = Int(rest / 60 % 60)
        second = Int(rest % 60)
    }

    /// Seconds since the epoch, if the clock showed UTC.
    var secondsSinceEpoch: Int64 { date.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second) }

    /// The same time of day so many days later: what a weekly series moves by.
    public func adding(days: Int) -> LocalDateTime {
        LocalDateTime(date: date.adding(days: days), hour: hour, minute: minute, second: second) ?? self
    }
}

extension LocalDateTime: Comparable {
    public static func < (left: LocalDateTime, right: LocalDateTime) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }
}

extension LocalDateTime: CustomStringConvertible, LosslessStringConvertible {
    /// ISO 8601 without a zone: `2026-11-24T15:45:00`.
    public var description: String {
        var text = date.description + "T"
        Digits.append(UInt(hour), width: 2, to: &text)
        text += ":"
        Digits.append(UInt(minute), width: 2, to: &text)
        text += ":"
        Digits.append(UInt(second), width: 2, to: &text)
        return text
    }

    /// Reads exactly `YYYY-MM-DDTHH:MM:SS`: no zone, no fraction, no shorter form.
    public init?(_ text: String) {
        var digits = Digits(text)
        guard let local = LocalDateTime(scanning: &digits, acceptsLowerCase: false), digits.isAtEnd else { return nil }
        self = local
    }

    init?(scanning digits: inout Digits, acceptsLowerCase: Bool) {
        guard let date = CivilDate(scanning: &digits),
            digits.take("T") || (acceptsLowerCase && digits.take("t")),
            let hour = digits.number(width: 2), digits.take(":"), let minute = digits.number(width: 2),
            digits.take(":"), let second = digits.number(width: 2)
        else { return nil }
        self.init(date: date, hour: hour, minute: minute, second: second)
    }
}
