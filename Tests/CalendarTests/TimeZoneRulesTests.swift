import Calendar
import TestSupport
import Testing

@Suite struct TimeZoneRulesTests {
    let fixture: CalendarFixture
    let toronto: TimeZoneRules

    init() throws {
        fixture = try CalendarFixture()
        toronto = try fixture.zone("America/Toronto")
    }

    @Test("a weekly series at 15:45 in Toronto keeps its clock time over the change")
    func weeklySeries() throws {
        let first = try local("2026-10-20T15:45:00")
        let instants = (0..<4).map { toronto.instant(of: first.adding(days: 7 * $0)).description }
        #expect(
            instants == [
                "2026-10-20T19:45:00Z", "2026-10-27T19:45:00Z", "2026-11-03T20:45:00Z", "2026-11-10T20:45:00Z",
            ])
    }

    /// What the zone data said of Kenora (America/Winnipeg) until 2026c. From 2026d on, Manitoba stays at -05 after
    /// October 2026: that is why a plan is kept as clock time and zone, and its instant is derived.
    static let centralUntil2026c = TZifReaderTests.file(footer: "CST6CDT,M3.2.0,M11.1.0")

    @Test(
        "one instant is shown differently in Thunder Bay, Kenora and Atikokan",
        arguments: [
            ("2026-10-27T19:45:00Z", ["15:45", "14:45", "14:45"]),
            ("2026-11-03T20:45:00Z", ["15:45", "14:45", "15:45"]),
        ])
    func shows(text: String, shown: [String]) throws {
        let kenora = try TimeZoneRules(tzif: Self.centralUntil2026c)
        let zones = [toronto, kenora, try fixture.zone("America/Atikokan")]
        let at = try instant(text)
        #expect(zones.map { String($0.local(at: at).description.dropFirst(11).prefix(5)) } == shown)
    }

    @Test("newer zone data move a plan's instant and leave its clock time")
    func followsZoneData() throws {
        let old = try TimeZoneRules(tzif: Self.centralUntil2026c)
        let new = try fixture.zone("America/Winnipeg")
        let plan = try local("2026-11-03T14:45:00")
        #expect(old.instant(of: plan).description == "2026-11-03T20:45:00Z")
        #expect(new.instant(of: plan).description == "2026-11-03T19:45:00Z")
    }

    @Test("02:30 on 14 March 2027 does not exist: 07:30Z, shown 03:30")
    func gap() throws {
        let missing = try local("2027-03-14T02:30:00")
        let shifted = try instant("2027-03-14T07:30:00Z")
        #expect(toronto.resolve(missing) == .gap(shifted: shifted))
        #expect(toronto.instant(of: missing) == shifted)
        #expect(toronto.local(at: shifted).description == "2027-03-14T03:30:00")
        // The ends of the gap: its first second is missing, the one after its last exists.
        #expect(try toronto.resolve(local("2027-03-14T02:00:00")) == .gap(shifted: instant("2027-03-14T07:00:00Z")))
        #expect(try toronto.resolve(local("2027-03-14T01:59:59")) == .unique(instant("2027-03-14T06:59:59Z")))
        #expect(try toronto.resolve(local("2027-03-14T03:00:00")) == .unique(instant("2027-03-14T07:00:00Z")))
    }

    @Test("01:30 on 1 November 2026 happens twice: the first, 05:30Z, is meant")
    func fold() throws {
        let twice = try local("2026-11-01T01:30:00")
        let (first, second) = (try instant("2026-11-01T05:30:00Z"), try instant("2026-11-01T06:30:00Z"))
        #expect(toronto.resolve(twice) == .fold(first: first, second: second))
        #expect(toronto.instant(of: twice) == first)
        #expect(try toronto.resolve(local("2026-11-01T02:00:00")) == .unique(instant("2026-11-01T07:00:00Z")))
    }

    @Test(
        "00:30 to 03:30 lasts four hours in the night of the fold, two in that of the gap",
        arguments: [("2026-11-01", 4), ("2027-03-14", 2), ("2026-10-31", 3)])
    func nightLasts(date: String, hours: Int) throws {
        let start = toronto.instant(of: try local("\(date)T00:30:00"))
        let end = toronto.instant(of: try local("\(date)T03:30:00"))
        #expect(try #require(Interval(start: start, end: end)).duration == .seconds(hours * 3600))
    }

    @Test("offsets agree with another reader, from 1827 to 2400")
    func offsetsAgree() throws {
        #expect(fixture.instants.count > 400)
        for row in fixture.instants {
            let offset = try fixture.zone(row.zone).offset(at: Timestamp(seconds: row.seconds))
            #expect(offset == row.offset, "\(row)")
        }
    }

    @Test("clock times agree with another reader, in gaps and folds too")
    func clocksAgree() throws {
        #expect(fixture.clocks.count > 500)
        for row in fixture.clocks {
            let (first, second) = (Timestamp(seconds: row.first), Timestamp(seconds: row.second))
            let expected: TimeZoneRules.Resolution =
                switch row.kind {
                case "gap": .gap(shifted: first)
                case "fold": .fold(first: first, second: second)
                default: .unique(first)
                }
            #expect(try fixture.zone(row.zone).resolve(local(row.local)) == expected, "\(row)")
        }
    }

    @Test("every instant is among those its own clock time resolves to", arguments: UInt64(0)..<10)
    func resolvesBack(seed: UInt64) throws {
        var random = Random(seed: seed)
        for (name, zone) in fixture.zones {
            for _ in 0..<100 {
                let at = Timestamp(seconds: Int64.random(in: -6_000_000_000...20_000_000_000, using: &random))
                switch zone.resolve(zone.local(at: at)) {
                case .unique(let only): #expect(only == at, "\(name)")
                case .fold(let first, let second): #expect([first, second].contains(at), "\(name)")
                case .gap: Issue.record("a time that \(name) shows is no gap: \(at)")
                }
            }
        }
    }

    @Test("the ends of the calendar resolve without overflow")
    func ends() throws {
        for zone in [TimeZoneRules.utc, toronto] {
            for text in ["0001-01-01T00:00:00", "9999-12-31T23:59:59"] { _ = zone.resolve(try local(text)) }
            _ = (zone.local(at: .min), zone.local(at: .max))
        }
        #expect(TimeZoneRules.utc.instant(of: try local("2026-11-24T15:45:00")).description == "2026-11-24T15:45:00Z")
    }

    @Test("intervals that only touch do not overlap")
    func intervals() throws {
        func interval(_ start: Int64, _ end: Int64) -> Interval? {
            Interval(start: Timestamp(seconds: start), end: Timestamp(seconds: end))
        }
        let morning = try #require(interval(0, 10))
        let noon = try #require(interval(10, 20))
        #expect(!morning.overlaps(noon) && morning.intersection(noon) == nil)
        #expect(morning.contains(Timestamp(seconds: 0)) && !morning.contains(Timestamp(seconds: 10)))
        #expect(try morning.intersection(#require(interval(-5, 3))) == interval(0, 3))
        #expect(try !morning.overlaps(#require(interval(5, 5))))
        #expect(interval(2, 1) == nil)
    }
}
