/// A day of the Gregorian calendar, extended to both ends (proleptic), in the years 1…9999; no zone, no time.
public struct CivilDate: Hashable, Sendable {
    public let year: Int
    /// 1…12.
    public let month: Int
    /// 1…31.
    public let day: Int

    /// Days of the week as ISO 8601 numbers them.
    public enum Weekday: Int, Sendable, CaseIterable {
        case monday = 1
        case tuesday, wednesday, thursday, friday, saturday, sunday
    }

    /// Nil when the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.dayCount(year: year, month: month)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The first and the last day there is.
    static let daysMin: Int64 = -719_162
    static let daysMax: Int64 = 2_932_896

    /// The day so many days after 1970-01-01, or the nearer end of the calendar.
    ///
    /// Counted in eras of 400 years (146 097 days), each year beginning with March so that the leap day comes last.
    public init(daysSinceEpoch: Int64) {
        // 719 468 days lie between 0000-03-01 and the epoch.
        let days = min(max(daysSinceEpoch, Self.daysMin), Self.daysMax) + 719_468
        let (era, dayOfEra) = days.floorDivided(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // From March on, month lengths repeat 31 30 31 30 31: 153 days in five months.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5) + 1
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01, negative before it.
    public var daysSinceEpoch: Int64 { Self.daysSinceEpoch(year: year, month: month, day: day) }

    public var weekday: Weekday {
        // 1970-01-01 was a Thursday, number 4; the remainder is 0…6, so that the raw value is 1…7.
        let number = Int((daysSinceEpoch + 3).floorDivided(by: 7).remainder) + 1
        return Weekday(rawValue: number) ?? .monday
    }

    /// The day so many days later (earlier when negative), or the nearer end of the calendar.
    public func adding(days: Int) -> CivilDate {
        let (sum, overflow) = daysSinceEpoch.addingReportingOverflow(Int64(days))
        return CivilDate(daysSinceEpoch: overflow ? (days < 0 ? .min : .max) : sum)
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// As the property, for any year near the calendar's ends too: rules of zones look one year ahead and back.
    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let (era, yearOfEra) = shifted.floorDivided(by: 400)
        let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

extension CivilDate: Comparable {
    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

extension CivilDate: CustomStringConvertible, LosslessStringConvertible {
    /// ISO 8601: `2026-11-24`.
    public var description: String {
        var text = ""
        Digits.append(UInt(year), width: 4, to: &text)
        text += "-"
        Digits.append(UInt(month), width: 2, to: &text)
        text += "-"
        Digits.append(UInt(day), width: 2, to: &text)
        return text
    }

    /// Reads exactly `YYYY-MM-DD`; nil for anything else and for a day that does not exist.
    public init?(_ text: String) {
        var digits = Digits(text)
        guard let date = CivilDate(scanning: &digits), digits.isAtEnd else { return nil }
        self = date
    }

    init?(scanning digits: inout Digits) {
        guard let year = digits.number(width: 4), digits.take("-"), let month = digits.number(width: 2),
            digits.take("-"), let day = digits.number(width: 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
