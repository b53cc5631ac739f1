import Calendar
import TestSupport
import Testing

@Suite struct TZifReaderTests {
    let fixture: CalendarFixture

    init() throws { fixture = try CalendarFixture() }

    /// A version 2 file with these transitions, types (offsets) and footer; the version 1 part is empty.
    static func file(
        _ transitions: [(Int64, UInt8)] = [], offsets: [Int32] = [0], footer: String = "", leaps: UInt32 = 0,
        version: UInt8 = 0x32
    ) -> [UInt8] {
        func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
            withUnsafeBytes(of: number.bigEndian) { Array($0) }
        }
        let head = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
        var bytes = head + [0, 0, 0, 0, 1, 1].flatMap { big(UInt32($0)) } + [0, 0, 0, 0, 0, 0, 0]
        bytes += head + big(UInt32(0)) + big(UInt32(0)) + big(leaps) + big(UInt32(transitions.count))
        bytes += big(UInt32(offsets.count)) + big(UInt32(1))
        bytes += transitions.flatMap { big($0.0) } + transitions.map(\.1)
        bytes += offsets.flatMap { big($0) + [0, 0] } + [0] + [UInt8](repeating: 0, count: Int(leaps) * 12)
        return bytes + Array("\n\(footer)\n".utf8)
    }

    static func offset(_ footer: String, at text: String) throws -> Int {
        try TimeZoneRules(tzif: file(footer: footer)).offset(at: instant(text))
    }

    @Test(
        "each form of a footer is understood",
        arguments: [
            ("EST5", "2100-07-01T00:00:00Z", -18_000),
            ("<+0545>-5:45", "2100-07-01T00:00:00Z", 20_700),
            ("EST5EDT,M3.2.0,M11.1.0", "2100-03-14T06:59:59Z", -18_000),
            ("EST5EDT,M3.2.0,M11.1.0", "2100-03-14T07:00:00Z", -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", "2100-11-07T05:59:59Z", -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", "2100-11-07T06:00:00Z", -18_000),
            // Ireland's winter is the "summer time" of a standard that lies an hour east of it.
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2100-01-01T00:00:00Z", 0),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2100-07-01T00:00:00Z", 3600),
            // South of the equator, half an hour.
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2100-01-01T00:00:00Z", 39_600),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2100-07-01T00:00:00Z", 37_800),
            // Summer time all year (RFC 8536 §3.3.1), also at the very turn.
            ("EST5EDT,0/0,J365/25", "2101-01-01T05:00:00Z", -14_400),
            ("EST5EDT,0/0,J365/25", "2101-01-01T04:59:59Z", -14_400),
            // Turns outside of their day: the Saturday before the last Sunday of March, 22:00.
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2100-03-28T00:59:59Z", -7200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2100-03-28T01:00:00Z", -3600),
            // J60 is 1 March in each year, 59 is 29 February in a leap year.
            ("AAA0BBB,J60/0,J300", "2096-02-29T23:59:59Z", 0),
            ("AAA0BBB,J60/0,J300", "2096-03-01T00:00:00Z", 3600),
            ("AAA0BBB,59/0,J300", "2096-02-29T00:00:00Z", 3600),
        ])
    func readsFooter(footer: String, at text: String, offset: Int) throws {
        #expect(try Self.offset(footer, at: text) == offset)
    }

    @Test(
        "a footer that is no TZ string is refused",
        arguments: [
            "5", "ES5", "EST", "EST5EDT", "EST25", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0",
            "EST5EDT,M3.6.0,M11.1.0",
            "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J365", "EST5EDT,366,1", "EST5EDT,M3.2.0/168,M11.1.0", "EST5 ",
            "<AB>5",
            "EST5EDT,M3.2.0,M11.1.0,", "EST5:60", "EST0005", "<EST5",
        ])
    func refusesFooter(footer: String) {
        #expect(throws: TZifError.badFooter) { try TimeZoneRules(tzif: Self.file(footer: footer)) }
    }

    @Test("the table holds until its last transition, the footer after it; without a footer the last offset stays")
    func joinsTableAndFooter() throws {
        let transitions: [(Int64, UInt8)] = [(0, 1), (1000, 0)]
        let open = try TimeZoneRules(tzif: Self.file(transitions, offsets: [60, 120]))
        let offsets = [-1, 0, 999, 1000, 9_999_999].map { open.offset(at: Timestamp(seconds: $0)) }
        #expect(offsets == [60, 120, 120, 60, 60])
        let ruled = try TimeZoneRules(tzif: Self.file(transitions, offsets: [60, 120], footer: "EST5"))
        #expect([-1, 999, 1000].map { ruled.offset(at: Timestamp(seconds: $0)) } == [60, 120, -18_000])
    }

    @Test("what RFC 8536 forbids is refused")
    func refuses() throws {
        func error(_ bytes: [UInt8]) -> TZifError? {
            do throws(TZifError) { _ = try TimeZoneRules(tzif: bytes) } catch { return error }
            return nil
        }
        #expect(error([]) == .notTZif)
        #expect(error(Array("TZif2".utf8)) == .truncated)
        #expect(error(Self.file(version: 0)) == .oldVersion)
        #expect(error(Self.file(leaps: 1)) == .leapSeconds)
        #expect(error(Self.file([(5, 0), (5, 0)])) == .malformed)
        #expect(error(Self.file([(5, 1)])) == .malformed)
        #expect(error(Self.file(offsets: [93_600])) == .malformed)
        #expect(error(Self.file(offsets: [])) == .malformed)
        #expect(error([UInt8](repeating: 0, count: 70_000)) == .malformed)
        #expect(error(Self.file(version: 0x34)) == nil)
        // A length that would need four gigabytes.
        var huge = Self.file()
        huge[44 + 7 + 32] = 0xFF
        #expect(error(huge) == .malformed)
    }

    @Test("a zone file cut anywhere is an error, never a crash")
    func truncated() throws {
        let file = try #require(fixture.files["America/Toronto"])
        for count in 0..<file.count {
            #expect(throws: TZifError.self) { try TimeZoneRules(tzif: Array(file.prefix(count))) }
        }
    }

    @Test("a zone file with random changes never crashes, and what is read can be asked", arguments: UInt64(0)..<20)
    func mutated(seed: UInt64) throws {
        var random = Random(seed: seed)
        for original in fixture.files.values {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard let rules = try? TimeZoneRules(tzif: bytes) else { continue }
            for _ in 0..<20 {
                let at = Timestamp(seconds: .random(in: -9_000_000_000...90_000_000_000, using: &random))
                _ = rules.resolve(rules.local(at: at))
            }
        }
    }
}
