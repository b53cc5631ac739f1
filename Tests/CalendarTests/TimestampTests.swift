import Calendar
import TestSupport
import Testing

@Suite struct TimestampTests {
    @Test(
        "RFC 3339 is read and written",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
            ("2026-10-20T19:45:00Z", 1_792_525_500_000_000, "2026-10-20T19:45:00Z"),
            ("2026-10-20T15:45:00-04:00", 1_792_525_500_000_000, "2026-10-20T19:45:00Z"),
            ("2026-10-20t19:45:00.5z", 1_792_525_500_500_000, "2026-10-20T19:45:00.500Z"),
            ("2026-10-20T19:45:00.000001Z", 1_792_525_500_000_001, "2026-10-20T19:45:00.000001Z"),
            ("2026-10-20T19:45:00.123456789Z", 1_792_525_500_123_456, "2026-10-20T19:45:00.123456Z"),
            ("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ] as [(String, Int64, String)])
    func readsAndWrites(text: String, microseconds: Int64, written: String) {
        #expect(Timestamp(text)?.microseconds == microseconds)
        #expect(Timestamp(microseconds: microseconds).description == written)
    }

    @Test(
        "what is not RFC 3339 is refused",
        arguments: [
            "", "2026-10-20", "2026-10-20 19:45:00Z", "2026-10-20T19:45:00", "2026-10-20T19:45Z",
            "2026-10-20T24:00:00Z", "2026-10-20T19:60:00Z", "2026-12-31T23:59:60Z", "2026-02-29T00:00:00Z",
            "2026-10-20T19:45:00.Z", "2026-10-20T19:45:00.1234567890Z", "2026-10-20T19:45:00+4:00",
            "2026-10-20T19:45:00+24:00", "2026-10-20T19:45:00+0400", "2026-10-20T19:45:00Z ", "+026-10-20T19:45:00Z",
            "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "２026-10-20T19:45:00Z",
        ])
    func refuses(text: String) { #expect(Timestamp(text) == nil) }

    @Test("an offset changes the clock shown, not the instant")
    func showsOffset() throws {
        let at = try instant("2026-10-20T19:45:00Z")
        #expect(at.format(offset: -14_400) == "2026-10-20T15:45:00-04:00")
        #expect(at.format(offset: 20_700) == "2026-10-21T01:30:00+05:45")
        // Toronto's local mean time, -5:17:32, has seconds, which RFC 3339 cannot write.
        #expect(at.format(offset: -19_052) == "2026-10-20T14:28:00-05:17")
        #expect(Timestamp.max.format(offset: 3600) == "9999-12-31T23:59:59.999999Z")
    }

    @Test("every text written is read back to the same instant", arguments: UInt64(0)..<20)
    func roundTrips(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<200 {
            let range = Timestamp.min.microseconds...Timestamp.max.microseconds
            let at = Timestamp(microseconds: Int64.random(in: range, using: &random))
            #expect(Timestamp(at.description) == at)
            #expect(Timestamp(at.format(offset: Int.random(in: -89_999...93_599, using: &random))) == at)
        }
    }

    @Test("arithmetic stops at the ends of the calendar")
    func saturates() {
        #expect(Timestamp.max + .microseconds(1) == .max)
        #expect(Timestamp.min - .microseconds(1) == .min)
        #expect(Timestamp(microseconds: .max) == .max)
        #expect(Timestamp(seconds: .min) == .min)
        let eternity = Duration(secondsComponent: .max, attosecondsComponent: 0)
        #expect(Timestamp(seconds: 0) + eternity == .max)
        #expect(Timestamp(seconds: 0) - eternity == .min)
        #expect(Timestamp(seconds: 0) + .nanoseconds(-1) == Timestamp(microseconds: -1))
        #expect(Timestamp(seconds: 7) - Timestamp(seconds: 10) == .seconds(-3))
        #expect(Timestamp(microseconds: -1).seconds == -1)
    }
}
