/// Why bytes are not a zone file that can be used.
public enum TZifError: Error, Hashable, Sendable {
    /// Does not begin with `TZif`, or ends in the middle.
    case notTZif, truncated
    /// Version 1 has no rule for the future and no dates beyond 2037.
    case oldVersion
    /// Counts, indices, order or ranges that RFC 8536 §3.2 forbids, or more than any zone has.
    case malformed
    /// Times that count leap seconds ("right/…"): they are not POSIX times.
    case leapSeconds
    /// The footer is no `TZ` string.
    case badFooter
}

/// The table of a zone file of version 2, 3 or 4 (RFC 8536); the version 1 part in front of it is skipped.
struct TZifTable: Equatable, Sendable {
    /// Seconds since the epoch, ascending, with the offset that begins there.
    var transitions: [(at: Int64, offset: Int)] = []
    /// Before the first of them.
    var firstOffset = 0
    /// After the last; nil when the file tells none.
    var footer: POSIXTimeZone?

    static func == (left: TZifTable, right: TZifTable) -> Bool {
        left.firstOffset == right.firstOffset && left.footer == right.footer
            && left.transitions.elementsEqual(right.transitions, by: ==)
    }
}

/// Reads a zone file; any bytes give a table or an error, in time linear in their number.
struct TZifReader {
    /// The largest file of the IANA data has some 3 600 bytes and 240 transitions.
    static let bytesMax = 65_536
    private static let transitionsMax = 4096

    private struct Header {
        var version: UInt8
        var isUTCount, isStandardCount, leapCount, timeCount, typeCount, nameBytes: Int

        func dataBytes(timeBytes: Int) -> Int {
            timeCount * (timeBytes + 1) + typeCount * 6 + nameBytes + leapCount * (timeBytes + 4) + isStandardCount
                + isUTCount
        }
    }

    private let bytes: [UInt8]
    private var index = 0

    static func read(_ bytes: [UInt8]) throws(TZifError) -> TZifTable {
        guard bytes.count <= bytesMax else { throw .malformed }
        var reader = TZifReader(bytes: bytes)
        return try reader.read()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func read() throws(TZifError) -> TZifTable {
        let old = try header()
        guard old.version >= 0x32 else { throw .oldVersion }
        _ = try take(old.dataBytes(timeBytes: 4))
        let header = try header()
        guard header.version == old.version else { throw .malformed }
        guard header.leapCount == 0 else { throw .leapSeconds }
        guard (1...256).contains(header.typeCount), header.nameBytes >= 1, header.timeCount <= Self.transitionsMax,
            [0, header.typeCount].contains(header.isUTCount), [0, header.typeCount].contains(header.isStandardCount)
        else { throw .malformed }
        var table = try table(header)
        table.footer = try footer()
        return table
    }

    private mutating func header() throws(TZifError) -> Header {
        guard bytes.count >= index + 4, bytes[index..<index + 4].elementsEqual("TZif".utf8) else { throw .notTZif }
        index += 4
        let version = try take(16)[0]
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(Int(try unsigned(4))) }
        return Header(
            version: version, isUTCount: counts[0], isStandardCount: counts[1], leapCount: counts[2],
            timeCount: counts[3], typeCount: counts[4], nameBytes: counts[5])
    }

    private mutating func table(_ header: Header) throws(TZifError) -> TZifTable {
        var times: [Int64] = []
        for _ in 0..<header.timeCount { times.append(Int64(bitPattern: try unsigned(8))) }
        let indices = try take(header.timeCount)
        var offsets: [Int] = []
        for _ in 0..<header.typeCount {
            let offset = Int(Int32(truncatingIfNeeded: try unsigned(4)))
            let rest = try take(2)
            // RFC 8536 §3.2: an offset should lie between -25 h and +26 h, and the second byte is a boolean.
            guard (-89_999...93_599).contains(offset), rest[0] <= 1, Int(rest[1]) < header.nameBytes else {
                throw .malformed
            }
            offsets.append(offset)
        }
        _ = try take(header.nameBytes + header.isStandardCount + header.isUTCount)
        guard indices.allSatisfy({ Int($0) < offsets.count }), zip(times, times.dropFirst()).allSatisfy(<) else {
            throw .malformed
        }
        return TZifTable(transitions: Array(zip(times, indices.map { offsets[Int($0)] })), firstOffset: offsets[0])
    }

    /// A line feed, the `TZ` string (empty: unknown), a line feed.
    private mutating func footer() throws(TZifError) -> POSIXTimeZone? {
        guard index < bytes.count else { throw .truncated }
        let rest = bytes[index...]
        guard rest.first == 10, let end = rest.dropFirst().firstIndex(of: 10) else { throw .badFooter }
        let text = Array(rest[(index + 1)..<end])
        if text.isEmpty { return nil }
        guard let rule = POSIXTimeZone(text) else { throw .badFooter }
        return rule
    }

    private mutating func take(_ count: Int) throws(TZifError) -> [UInt8] {
        guard count <= bytes.count - index else { throw .truncated }
        defer { index += count }
        return Array(bytes[index..<index + count])
    }

    /// A big-endian number of so many bytes, at most eight.
    private mutating func unsigned(_ byteCount: Int) throws(TZifError) -> UInt64 {
        try take(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
