/// One appointment, as calendars exchange it.
public struct CalendarEntry: Hashable, Sendable {
    /// The same for the life of the appointment, and for no other: its UID.
    public var id: String
    /// Rises when the appointment changes: its SEQUENCE.
    public var revision: Int
    public var interval: Interval
    public var title: String
    /// Empty if there is none.
    public var place: String
    /// A URI where one joins; empty if there is none.
    public var address: String

    public init(
        id: String, revision: Int = 0, interval: Interval, title: String, place: String = "", address: String = ""
    ) {
        (self.id, self.revision, self.interval) = (id, revision, interval)
        (self.title, self.place, self.address) = (title, place, address)
    }
}

/// Writes calendars as iCalendar (RFC 5545): lines end in CRLF and are folded at 75 octets, never inside a character.
public enum ICalendar {
    private static let octetsMax = 75

    /// A calendar with these entries; times are in UTC.
    ///
    /// - Parameter now: when it is written (DTSTAMP).
    public static func text(_ entries: [CalendarEntry], at now: Timestamp) -> String {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cordee//cordeed//FR", "CALSCALE:GREGORIAN"]
        for entry in entries {
            lines += [
                "BEGIN:VEVENT", "UID:\(escaped(entry.id))", "DTSTAMP:\(utc(now))", "SEQUENCE:\(max(entry.revision, 0))",
                "DTSTART:\(utc(entry.interval.start))", "DTEND:\(utc(entry.interval.end))",
                "SUMMARY:\(escaped(entry.title))",
            ]
            if !entry.place.isEmpty { lines.append("LOCATION:\(escaped(entry.place))") }
            // A URI is not escaped (§3.3.13); one that could end its line is left out.
            if isURI(entry.address) { lines.append("URL:\(entry.address)") }
            lines.append("END:VEVENT")
        }
        lines.append("END:VCALENDAR")
        return lines.map { folded($0) + "\r\n" }.joined()
    }

    /// "20261020T194500Z"; a fraction of a second is cut off.
    private static func utc(_ instant: Timestamp) -> String {
        Timestamp(seconds: instant.seconds).description.filter { $0 != "-" && $0 != ":" }
    }

    /// A TEXT value (§3.3.11); control characters that no calendar may hold are left out.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\r": result.append(contentsOf: "\\n".unicodeScalars)
            case "\n": if !isAfterReturn { result.append(contentsOf: "\\n".unicodeScalars) }
            case "\\", ";", ",": result.append(contentsOf: ["\\", scalar])
            case _ where scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F: break
            default: result.append(scalar)
            }
            isAfterReturn = scalar == "\r"
        }
        return String(result)
    }

    private static func isURI(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Each further line begins with a space, which counts (§3.1).
    private static func folded(_ line: String) -> String {
        var result = ""
        var octets = 0
        for scalar in line.unicodeScalars {
            let width = UTF8.width(scalar)
            if octets + width > octetsMax {
                result += "\r\n "
                octets = 1
            }
            result.unicodeScalars.append(scalar)
            octets += width
        }
        return result
    }
}
