import ModuleKit
import TestKit
import Testing
import WorkshopsAPI

@testable import WorkshopsModule

@Suite("A registration")
struct RegistrationTests {
    private static let states: [Registration.State] = [
        .confirmed, .waitlisted, .withdrawn, .cancelledByOrganiser, .attended, .noShow,
    ]

    @Test(
        "counts as attended from three quarters of the minutes of all sessions on",
        arguments: [
            ([90], 68, true), ([90], 67, false), ([90], 90, true), ([90], 0, false), ([100], 75, true),
            ([100], 74, false), ([60, 30], 68, true), ([60, 30], 67, false), ([1], 0, false),
        ])
    func attendanceBound(lengths: [Int], minutes: Int, counts: Bool) throws {
        let workshop = try Samples.workshop(lengths: lengths)
        var registration = Samples.registration(.confirmed, minutes: minutes)
        registration.settle(recordedSessions: lengths.count, of: workshop)
        #expect(registration.state == (counts ? .attended : .noShow))
    }

    @Test("is settled once each session is recorded, not before, and again when a record is corrected")
    func settlesAtTheEnd() throws {
        let workshop = try Samples.workshop(lengths: [60, 60])
        var registration = Samples.registration(.confirmed, minutes: 60)
        registration.settle(recordedSessions: 1, of: workshop)
        #expect(registration.state == .confirmed)
        registration.settle(recordedSessions: 2, of: workshop)
        #expect(registration.state == .noShow)
        registration.minutes = 90
        registration.settle(recordedSessions: 2, of: workshop)
        #expect(registration.state == .attended)
    }

    @Test("can be withdrawn as long as it is not final", arguments: states)
    func withdrawal(state: Registration.State) throws {
        let workshop = try Samples.workshop()
        var registration = Samples.registration(state)
        if state == .confirmed || state == .waitlisted {
            try registration.withdraw(from: workshop, byLeader: false, at: Samples.now)
            #expect(registration.state == .withdrawn)
        } else {
            #expect(throws: Registration.Refusal.final) {
                try registration.withdraw(from: workshop, byLeader: true, at: Samples.now)
            }
            #expect(registration.state == state)
        }
    }

    @Test("is the person's own to withdraw up to the last microsecond before the beginning")
    func withdrawalBound() throws {
        let workshop = try Samples.workshop()
        var (early, late, byLeader) = (
            Samples.registration(.confirmed), Samples.registration(.confirmed), Samples.registration(.confirmed)
        )
        try early.withdraw(from: workshop, byLeader: false, at: workshop.start - .microseconds(1))
        #expect(throws: Registration.Refusal.begun) {
            try late.withdraw(from: workshop, byLeader: false, at: workshop.start)
        }
        try byLeader.withdraw(from: workshop, byLeader: true, at: workshop.end)
        #expect(byLeader.state == .withdrawn)
    }

    @Test("has minutes recorded only if it held a place", arguments: states)
    func seated(state: Registration.State) {
        let registration = Samples.registration(state)
        switch state {
        case .confirmed, .attended, .noShow: #expect(throws: Never.self) { try registration.checkSeated() }
        case .waitlisted, .withdrawn, .cancelledByOrganiser:
            #expect(throws: Registration.Refusal.notSeated) { try registration.checkSeated() }
        }
    }
}
