import Calendar
import Testing

@Suite("A written calendar")
struct ICalendarTests {
    private static let start = Timestamp(seconds: 1_792_525_500)  // 2026-10-20T19:45:00Z
    private static let interval = Interval(start: start, end: start + .seconds(3_600))

    private static func lines(_ title: String, place: String = "", address: String = "") throws -> [String] {
        let entry = CalendarEntry(
            id: "a-1@cordee", revision: 3, interval: try #require(interval), title: title, place: place,
            address: address)
        let text = ICalendar.text([entry], at: start)
        #expect(text.hasSuffix("\r\n") && !text.replacing("\r\n", with: "").contains { "\r\n".contains($0) })
        return text.split(separator: "\r\n").map(String.init)
    }

    @Test("has an event with its times in UTC and its sequence")
    func event() throws {
        #expect(
            try Self.lines("Atelier", place: "A-1", address: "https://a.example/x") == [
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cordee//cordeed//FR", "CALSCALE:GREGORIAN",
                "BEGIN:VEVENT", "UID:a-1@cordee", "DTSTAMP:20261020T194500Z", "SEQUENCE:3",
                "DTSTART:20261020T194500Z", "DTEND:20261020T204500Z", "SUMMARY:Atelier", "LOCATION:A-1",
                "URL:https://a.example/x", "END:VEVENT", "END:VCALENDAR",
            ])
    }

    @Test("escapes what has a meaning, and lets no text begin a line of its own")
    func escapes() throws {
        let lines = try Self.lines("a;b,c\\d\r\nEND:VEVENT\u{0}", address: "x\r\nATTENDEE:y")
        #expect(lines.contains(#"SUMMARY:a\;b\,c\\d\nEND:VEVENT"#))
        #expect(!lines.contains { $0.hasPrefix("URL") || $0.hasPrefix("ATTENDEE") })
    }

    @Test("is folded at 75 octets, never inside a character", arguments: [66, 67, 68, 200])
    func folds(count: Int) throws {
        let title = String(repeating: "a", count: count) + String(repeating: "é", count: 80)
        let lines = try Self.lines(title)
        #expect(lines.allSatisfy { $0.utf8.count <= 75 && !$0.unicodeScalars.contains("\u{FFFD}") })
        #expect(lines.joined().replacing(" ", with: "").contains("SUMMARY:" + title))
    }
}
