import Calendar
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing

@testable import Daemon

@Suite("People who have left")
struct DepartureTests {
    /// From the acceptance data: the last use, and from when on it is erased.
    @Test(
        "are due a year after the day, and after 29 February on the 28th",
        arguments: [
            ("2026-11-23", "2027-11-23"), ("2028-02-29", "2029-02-28"), ("2026-12-31", "2027-12-31"),
        ])
    func due(last: String, end: String) throws {
        let day = try #require(CivilDate(last))
        #expect(DepartureRetention.end(of: day, years: 1).description == end)
        let (from, to) = (try #require(Timestamp("\(last)T13:00:00Z")), try #require(Timestamp("\(end)T00:00:00Z")))
        #expect(!DepartureRetention.isDue(from, years: 1, at: to - .microseconds(1)))
        #expect(DepartureRetention.isDue(from, years: 1, at: to))
    }

    @Test("are erased by the daemon itself a year after, with no byte left; who came back is not")
    func erased() async throws {
        let start = try #require(Timestamp("2026-11-25T09:00:00Z"))
        let victim = try await Victim.start(
            settings: ["privacy.sweep_interval": "10ms", "tokens.life": "24000h", "tokens.life_max": "24000h"],
            clockStart: start)
        let scenario = victim.scenario
        func roster(_ hasVictim: Bool) async throws {
            let zip = try Victim.roster(withVictim: hasVictim)
            _ = try await scenario.lead.call(
                DirectoryMethods.importRoster, .with { ($0.boards, $0.roster) = (scenario.boards, zip) })
        }
        func state() async throws -> CordeeDirectory_Person.State? {
            let events = try await victim.officer.call(EventsMethods.listEvents, .init()).events
            return events.contains { $0.type == "system.erasure.decided.v1" } ? .erased : nil
        }
        let clock = try scenario.daemon.clock()
        /// Moves the clock, and waits until the daily look was had.
        func pass(days: Int64) async throws {
            let now = try clock.set(start + .seconds(days * 86_400))
            _ = try await Patience.until("the look of the day") {
                let jobs = try await scenario.operator.call(JobsMethods.listJobs, .init()).jobs
                let looks = jobs.filter { $0.kind == "system.departures" }
                return looks.count == 1 && looks[0].dueTime.seconds > now.seconds ? true : nil
            }
        }
        try await roster(false)
        try await pass(days: 2)
        // Back again before the year is over: another departure counts anew.
        try await pass(days: 200)
        try await roster(true)
        try await pass(days: 202)
        try await roster(false)
        try await pass(days: 204)
        try await pass(days: 400)
        #expect(!(try Victim.traces(in: scenario.daemon.dataFolder)).isEmpty)
        #expect(try await state() == nil)
        try await pass(days: 572)
        _ = try await Patience.until("no trace is left") {
            try Victim.traces(in: scenario.daemon.dataFolder).isEmpty ? true : nil
        }
        #expect(try await state() == .erased)
        #expect(try await scenario.operator.call(AuditMethods.verifyLog, .init()).intact)
    }
}
