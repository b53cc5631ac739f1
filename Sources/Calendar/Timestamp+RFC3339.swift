extension Timestamp: CustomStringConvertible, LosslessStringConvertible {
    /// RFC 3339 in UTC: `2026-10-20T19:45:00Z`, with three or six digits of a second's fraction where it is not zero.
    public var description: String { format(offset: 0) }

    /// RFC 3339 as a clock with this offset shows it: `2026-10-20T15:45:00-04:00`.
    ///
    /// - Parameter offset: seconds east of UTC. RFC 3339 knows whole minutes only, so an offset with seconds (local mean
    ///   time of the 19th century) is cut to its minute and the clock time with it: the instant stays the same. Where
    ///   the clock would show a year outside of 1…9999, the text is in UTC.
    public func format(offset: Int) -> String {
        var minutes = Swift.max(-1439, Swift.min(1439, offset / 60))
        let clock = seconds + Int64(minutes * 60)
        if clock < Self.min.seconds || clock > Self.max.seconds { minutes = 0 }
        let local = LocalDateTime(secondsSinceEpoch: seconds + Int64(minutes * 60))
        var text = local.description + fraction
        if minutes == 0 { return text + "Z" }
        text += minutes < 0 ? "-" : "+"
        Digits.append(minutes.magnitude / 60, width: 2, to: &text)
        text += ":"
        Digits.append(minutes.magnitude % 60, width: 2, to: &text)
        return text
    }

    private var fraction: String {
        let micros = UInt(microseconds.floorDivided(by: 1_000_000).remainder)
        if micros == 0 { return "" }
        var text = "."
        if micros % 1000 == 0 {
            Digits.append(micros / 1000, width: 3, to: &text)
        } else {
            Digits.append(micros, width: 6, to: &text)
        }
        return text
    }

    /// Reads RFC 3339 (§5.6): a date, `T`, a time, one to nine digits of fraction, and `Z` or an offset.
    ///
    /// Digits beyond the microsecond are dropped. Nil for anything else: a space instead of the `T`, a leap second (POSIX
    /// time has none), a day that the month lacks, an instant outside of the years 1…9999.
    public init?(_ text: String) {
        var digits = Digits(text)
        guard let local = LocalDateTime(scanning: &digits, acceptsLowerCase: true),
            let micros = Self.scanFraction(&digits),
            let offset = Self.scanOffset(&digits), digits.isAtEnd
        else { return nil }
        let seconds = local.secondsSinceEpoch - Int64(offset)
        let whole = seconds * 1_000_000 + Int64(micros)
        guard whole >= Self.min.microseconds, whole <= Self.max.microseconds else { return nil }
        self.init(microseconds: whole)
    }

    private static func scanFraction(_ digits: inout Digits) -> Int? {
        guard digits.take(".") else { return 0 }
        var value = 0
        var count = 0
        while let digit = digits.takeDigit() {
            count += 1
            if count <= 6 { value = value * 10 + digit }
        }
        guard (1...9).contains(count) else { return nil }
        for _ in Swift.min(count, 6)..<6 { value *= 10 }
        return value
    }

    private static func scanOffset(_ digits: inout Digits) -> Int? {
        if digits.take("Z") || digits.take("z") { return 0 }
        let isWest = digits.take("-")
        guard isWest || digits.take("+"), let hours = digits.number(width: 2), digits.take(":"),
            let minutes = digits.number(width: 2), hours < 24, minutes < 60
        else { return nil }
        let offset = hours * 3600 + minutes * 60
        return isWest ? -offset : offset
    }
}
