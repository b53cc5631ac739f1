/// How the clocks of one IANA zone were, are and will be set: offsets by instant, and instants by clock time.
public struct TimeZoneRules: Equatable, Sendable {
    /// What a clock time means.
    public enum Resolution: Equatable, Sendable {
        /// It happens once.
        case unique(Timestamp)
        /// The clocks jump over it; the instant is what the offset before the jump makes of it, so a clock then shows a
        /// time that lies as much later as the jump is long.
        case gap(shifted: Timestamp)
        /// The clocks are set back and show it twice.
        case fold(first: Timestamp, second: Timestamp)
    }

    /// UTC: offset 0 at all times.
    public static let utc = TimeZoneRules(table: TZifTable())

    private let table: TZifTable

    /// Reads a zone file of version 2, 3 or 4 (RFC 8536) with the rule in its footer.
    ///
    /// Any bytes give rules or an error; nothing is read outside of them.
    public init(tzif bytes: [UInt8]) throws(TZifError) { self.init(table: try TZifReader.read(bytes)) }

    private init(table: TZifTable) { self.table = table }

    /// Seconds east of UTC at that instant: -14400 for Toronto in summer.
    public func offset(at instant: Timestamp) -> Int { offset(atSeconds: instant.seconds) }

    /// What a clock of this zone shows, whole seconds.
    public func local(at instant: Timestamp) -> LocalDateTime {
        LocalDateTime(secondsSinceEpoch: instant.seconds + Int64(offset(at: instant)))
    }

    /// The instant a clock time stands for: in a fold the first, in a gap shifted forward by the length of the jump
    /// (RFC 5545 §3.3.5 and DOMAIN §2(f)).
    public func instant(of local: LocalDateTime) -> Timestamp {
        switch resolve(local) {
        case .unique(let instant), .gap(let instant), .fold(let instant, _): instant
        }
    }

    /// What a clock time means in this zone.
    public func resolve(_ local: LocalDateTime) -> Resolution {
        let clock = local.secondsSinceEpoch
        // No offset exceeds 26 hours, so each candidate and each change that touches it lies within this window.
        let window = (clock - 93_600)...(clock + 93_600)
        let before = offset(atSeconds: window.lowerBound)
        let changes = transitions(within: window)
        var candidates: [Int64] = []
        for offset in Set([before] + changes.map(\.offset))
        where self.offset(atSeconds: clock - Int64(offset)) == offset {
            candidates.append(clock - Int64(offset))
        }
        candidates.sort()
        if candidates.count > 1 {
            return .fold(first: Timestamp(seconds: candidates[0]), second: Timestamp(seconds: candidates[1]))
        }
        if let only = candidates.first { return .unique(Timestamp(seconds: only)) }
        return .gap(shifted: Timestamp(seconds: clock - Int64(offsetBeforeJump(over: clock, before, changes))))
    }

    private func offsetBeforeJump(over clock: Int64, _ first: Int, _ changes: [(at: Int64, offset: Int)]) -> Int {
        var before = first
        for change in changes {
            if clock < change.at + Int64(change.offset) { return before }
            before = change.offset
        }
        return before
    }

    private func offset(atSeconds seconds: Int64) -> Int {
        if let footer = table.footer, seconds >= table.transitions.last?.at ?? .min {
            return footer.offset(at: seconds)
        }
        // The first transition later than the instant; the one before it is in force.
        var low = 0
        var high = table.transitions.count
        while low < high {
            let middle = (low + high) / 2
            if table.transitions[middle].at <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? table.firstOffset : table.transitions[low - 1].offset
    }

    /// The changes of offset in a window of some days, in order, from the table and from the rule behind it.
    private func transitions(within window: ClosedRange<Int64>) -> [(at: Int64, offset: Int)] {
        var found = table.transitions.filter { window.contains($0.at) }
        guard let footer = table.footer else { return found }
        let last = table.transitions.last?.at ?? .min
        if let index = found.lastIndex(where: { $0.at == last }) { found[index].offset = footer.offset(at: last) }
        let year = LocalDateTime(secondsSinceEpoch: window.upperBound).date.year
        found += footer.turns(around: year).filter { window.contains($0.at) && $0.at > last }
        return found
    }
}
