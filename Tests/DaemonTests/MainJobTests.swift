import Calendar
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("The main job")
struct MainJobTests {
    @Test("runs from the first lead to the attendance sheet", arguments: ["1", "2"])
    func mainJob(loops: String) async throws {
        let clock = SessionClock()
        let scenario = try await Scenario.start(settings: ["daemon.loops": loops], clockStart: clock.start)
        // Four from a school near by, one from a remote school.
        var people: [Scenario.Person] = []
        for id in ["p-0013", "p-0014", "p-0020", "p-0015", "p-0016"] { people.append(try await scenario.person(id)) }
        let workshop = try await scenario.workshop(capacity: 3, reserve: 1, sessions: clock.sessions)

        var registrations: [CordeeWorkshops_Registration] = []
        for person in people { registrations.append(try await person.register(in: workshop.name)) }
        #expect(registrations.map(\.state) == [.confirmed, .confirmed, .confirmed, .waitlisted, .waitlisted])
        #expect(registrations.map(\.rank) == [0, 0, 0, 1, 2])
        #expect(registrations.map(\.remote) == [false, false, true, false, false])

        let withdrawal = try await people[0].client.call(
            WorkshopsMethods.withdraw, .with { $0.name = registrations[0].name })
        #expect(withdrawal.registration.state == .withdrawn)
        #expect(withdrawal.promotedCount == 1)
        let after = try await scenario.registrations(of: workshop.name)
        #expect(after.map(\.state) == [.confirmed, .confirmed, .confirmed, .waitlisted])
        #expect(after.map(\.person) == people.dropFirst().map(\.name))
        #expect(after.map(\.rank) == [0, 0, 0, 1])

        try await record(after, of: workshop.name, clock, in: scenario)
        let list = try await scenario.facilitator.call(
            WorkshopsMethods.getWorkshop, .with { $0.name = workshop.name })
        #expect(list.state == .completed)
    }

    /// Records both sessions once they are over: the first person was there for all of it, the second was not.
    private func record(
        _ registrations: [CordeeWorkshops_Registration], of workshop: String, _ clock: SessionClock,
        in scenario: Scenario
    ) async throws {
        var last = CordeeWorkshops_RecordAttendanceResponse()
        for session: Int32 in 1...2 {
            let request = CordeeWorkshops_RecordAttendanceRequest.with {
                $0.workshop = workshop
                $0.session = session
                $0.entries = registrations.enumerated().map { index, registration in
                    .with {
                        $0.registration = registration.name
                        $0.minutes = index == 0 ? 1 : 0
                    }
                }
            }
            if session == 1 {
                let early = try await scenario.facilitator.refusal(of: WorkshopsMethods.recordAttendance, request)
                #expect((early.code, early.reason) == (.failedPrecondition, "SESSION_NOT_ENDED"))
            }
            try scenario.daemon.clock().set(clock.end(ofSession: Int(session)))
            last = try await scenario.facilitator.call(WorkshopsMethods.recordAttendance, request)
        }
        #expect(last.accepted.map(\.state) == [.attended, .noShow, .noShow])
        #expect(last.accepted.map(\.minutes) == [2, 0, 0])
        #expect(last.rejected.map(\.reason) == ["NOT_CONFIRMED"])
        #expect(last.rejected.map(\.registration) == [registrations[3].name])
    }
}

/// Two sessions of one second, some time after the instant at which the daemon's clock begins.
struct SessionClock {
    let start = Timestamp(seconds: 1_795_528_800)

    /// The end of the first or of the second.
    func end(ofSession number: Int) -> Timestamp { start + .seconds(3_600 + number) }

    var sessions: [CordeeWorkshops_Session] {
        [1, 2].map { number in
            .with {
                $0.startLocal = Self.local(end(ofSession: number) + .seconds(-1))
                $0.endLocal = Self.local(end(ofSession: number))
                $0.zone = "Etc/UTC"
            }
        }
    }

    /// "2026-11-24T15:45:00": an instant as RFC 3339 without its Z.
    private static func local(_ instant: Timestamp) -> String { String("\(instant)".prefix(19)) }
}
