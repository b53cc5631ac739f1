import Calendar
import FoundationEssentials
import TestSupport
import Testing

/// `Fixtures/calendar.json`: six zone files and what another reader (Python's zoneinfo) makes of them.
struct CalendarFixture: Sendable {
    var zones: [String: TimeZoneRules] = [:]
    var files: [String: [UInt8]] = [:]
    var instants: [(zone: String, seconds: Int64, offset: Int)] = []
    var clocks: [(zone: String, local: String, kind: String, first: Int64, second: Int64)] = []

    private struct File: Decodable {
        struct Instant: Decodable {
            var zone: String
            var seconds: Int64
            var offset: Int

            init(from decoder: any Decoder) throws {
                var row = try decoder.unkeyedContainer()
                zone = try row.decode(String.self)
                seconds = try row.decode(Int64.self)
                offset = try row.decode(Int.self)
            }
        }
        struct Clock: Decodable {
            var zone: String
            var local: String
            var kind: String
            var first: Int64
            var second: Int64

            init(from decoder: any Decoder) throws {
                var row = try decoder.unkeyedContainer()
                zone = try row.decode(String.self)
                local = try row.decode(String.self)
                kind = try row.decode(String.self)
                first = try row.decode(Int64.self)
                second = try row.decode(Int64.self)
            }
        }
        var zones: [String: Data]
        var instants: [Instant]
        var clocks: [Clock]
    }

    init() throws {
        let file = try Fixture.json("calendar.json", as: File.self)
        for (name, bytes) in file.zones {
            files[name] = [UInt8](bytes)
            zones[name] = try TimeZoneRules(tzif: [UInt8](bytes))
        }
        instants = file.instants.map { ($0.zone, $0.seconds, $0.offset) }
        clocks = file.clocks.map { ($0.zone, $0.local, $0.kind, $0.first, $0.second) }
    }

    func zone(_ name: String) throws -> TimeZoneRules { try #require(zones[name]) }
}

func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }
func local(_ text: String) throws -> LocalDateTime { try #require(LocalDateTime(text)) }
