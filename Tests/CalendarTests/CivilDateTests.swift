import Calendar
import Testing

@Suite struct CivilDateTests {
    @Test("each day from 0001 to 9999 follows the one before, as counting on a paper calendar gives")
    func countsDays() throws {
        var (year, month, day, weekday) = (1, 1, 1, 0)
        var wrong = 0
        var days = try #require(CivilDate(year: 1, month: 1, day: 1)).daysSinceEpoch
        while year < 10_000 {
            let date = CivilDate(daysSinceEpoch: days)
            if (date.year, date.month, date.day) != (year, month, day) || date.daysSinceEpoch != days
                || date.weekday.rawValue != weekday + 1
            {
                wrong += 1
            }
            let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            (days, weekday) = (days + 1, (weekday + 1) % 7)
        }
        #expect(wrong == 0)
        #expect(days == 2_932_897)
    }

    @Test("dates are read strictly and written back")
    func readsStrictly() {
        for text in ["2026-11-24", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            #expect(CivilDate(text)?.description == text)
        }
        for text in ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "26-01-01", ""] {
            #expect(CivilDate(text) == nil, "\(text)")
        }
        for text in ["2026-11-24 ", "2026/11/24", "20261124", "0000-01-01", "2026-11-24T00:00:00"] {
            #expect(CivilDate(text) == nil, "\(text)")
        }
    }

    @Test("adding days crosses a leap day and stops at the ends")
    func addsDays() throws {
        let eve = try #require(CivilDate("2028-02-28"))
        #expect(eve.adding(days: 1).description == "2028-02-29")
        #expect(eve.adding(days: 2).description == "2028-03-01")
        #expect(eve.adding(days: .max).description == "9999-12-31")
        #expect(eve.adding(days: .min).description == "0001-01-01")
    }

    @Test("local times are read strictly and written back")
    func readsLocalTimes() {
        #expect(LocalDateTime("2026-11-24T15:45:00")?.description == "2026-11-24T15:45:00")
        for text in ["2026-11-24T15:45", "2026-11-24T24:00:00", "2026-11-24 15:45:00", "2026-11-24T15:45:00Z"] {
            #expect(LocalDateTime(text) == nil, "\(text)")
        }
        for text in ["2026-11-24T15:45:60", "2026-11-24T15:60:00", "2026-11-24t15:45:00", "2026-11-24T15:45:00.0"] {
            #expect(LocalDateTime(text) == nil, "\(text)")
        }
        #expect(LocalDateTime(year: 2026, month: 1, day: 1, hour: -1, minute: 0) == nil)
    }
}
