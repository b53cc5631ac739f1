/// Lengths of time as people write them.
enum DurationText {
    /// "90s", "48h", "1h30m", "1.5s", "-5m", "250ms"; units d, h, m, s, ms, each once and the larger first.
    ///
    /// - Returns: nil for anything else, and beyond 292 years.
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        let sign: Int64 = rest.first == "-" ? -1 : 1
        if sign < 0 { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        var lastUnit = Int64.max
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unitName = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unitName.count)
            guard let unit = units[String(unitName)], unit < lastUnit, let part = nanoseconds(number, unit) else {
                return nil
            }
            lastUnit = unit
            let (sum, isOver) = total.addingReportingOverflow(part)
            if isOver { return nil }
            total = sum
        }
        return .nanoseconds(sign * total)
    }

    /// As protobuf-JSON writes a duration: "5400s", "1.5s".
    static func json(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = attoseconds / 1_000_000_000
        let sign = seconds < 0 || nanoseconds < 0 ? "-" : ""
        guard nanoseconds != 0 else { return "\(sign)\(seconds.magnitude)s" }
        let digits = String(nanoseconds.magnitude)
        var fraction = String(repeating: "0", count: 9 - digits.count) + digits
        while fraction.last == "0" { fraction.removeLast() }
        return "\(sign)\(seconds.magnitude).\(fraction)s"
    }

    private static let units: [String: Int64] = [
        "d": 86_400_000_000_000, "h": 3_600_000_000_000, "m": 60_000_000_000, "min": 60_000_000_000, "s": 1_000_000_000,
        "ms": 1_000_000,
    ]

    /// A decimal number of units, to the nanosecond.
    private static func nanoseconds(_ number: Substring, _ unit: Int64) -> Int64? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int64(parts[0]) else { return nil }
        let (base, isOver) = whole.multipliedReportingOverflow(by: unit)
        if isOver { return nil }
        guard parts.count == 2 else { return base }
        guard let fraction = Int64(parts[1]), parts[1].count <= 9 else { return nil }
        let scale = (0..<parts[1].count).reduce(Int64(1)) { scale, _ in scale * 10 }
        // A fraction below 1 of at most nine digits: the product fits when split by the scale.
        let (sum, sumIsOver) = base.addingReportingOverflow(unit / scale * fraction + unit % scale * fraction / scale)
        return sumIsOver ? nil : sum
    }
}
