import Calendar
import Synchronization
import Testing

@Suite struct TimeZoneCatalogTests {
    @Test(
        "only names as IANA writes them reach the loader",
        arguments: [
            "", "/etc/passwd", "../Toronto", "America/../Toronto", "America//Toronto", "America/", "/Toronto",
            "america/T",
            "America/Tor onto", "zone.tab", "right/Toronto", "A/B/C/D", "America/To\u{0}ronto", "America/-x", "Été",
            String(repeating: "A", count: 65),
        ])
    func refusesName(name: String) {
        let catalog = TimeZoneCatalog { _ in
            Issue.record("loaded")
            return nil
        }
        #expect(throws: TimeZoneError.badName(name)) { try catalog.rules(for: name) }
    }

    @Test(
        "well-formed names are accepted", arguments: ["UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"])
    func acceptsName(name: String) { #expect(TimeZoneCatalog.isName(name)) }

    @Test("a zone is loaded once; an unknown and a broken one are told apart")
    func caches() throws {
        let loads = Atomic(0)
        let catalog = TimeZoneCatalog { name in
            loads.add(1, ordering: .relaxed)
            return name == "Etc/Broken" ? [1, 2, 3] : name == "Etc/None" ? nil : TZifReaderTests.file(footer: "EST5")
        }
        #expect(try catalog.rules(for: "Etc/Fine") == catalog.rules(for: "Etc/Fine"))
        #expect(loads.load(ordering: .relaxed) == 1)
        #expect(throws: TimeZoneError.unknown("Etc/None")) { try catalog.rules(for: "Etc/None") }
        #expect(throws: TimeZoneError.malformed("Etc/Broken", .notTZif)) { try catalog.rules(for: "Etc/Broken") }
    }

    @Test("the machine's own zone files are read")
    func readsMachine() throws {
        let catalog = TimeZoneCatalog(load: ZoneInfoFolder().load)
        for name in ["America/Toronto", "America/Winnipeg", "America/Atikokan", "America/Thunder_Bay", "UTC"] {
            _ = try catalog.rules(for: name)
        }
        let toronto = try catalog.rules(for: "America/Toronto")
        #expect(toronto.instant(of: try local("2026-11-24T15:45:00")).description == "2026-11-24T20:45:00Z")
        #expect(throws: TimeZoneError.unknown("America/Nowhere")) { try catalog.rules(for: "America/Nowhere") }
        #expect(throws: TimeZoneError.unknown("America")) { try catalog.rules(for: "America") }
    }
}
