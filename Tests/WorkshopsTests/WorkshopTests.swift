import ModuleKit
import TestKit
import Testing
import WorkshopsAPI

@testable import WorkshopsModule

@Suite("A workshop")
struct WorkshopTests {
    @Test("is published once, with a session")
    func publish() throws {
        var draft = try Samples.workshop(state: .draft)
        try draft.publish()
        #expect(draft.state == .published)
        #expect(throws: Workshop.Refusal.notDraft) { try draft.publish() }
        var empty = try Samples.workshop(lengths: [], state: .draft)
        #expect(throws: Workshop.Refusal.noSession) { try empty.publish() }
        var cancelled = try Samples.workshop(state: .cancelled)
        #expect(throws: Workshop.Refusal.notDraft) { try cancelled.publish() }
    }

    @Test("takes people up to the last microsecond before its beginning")
    func registrationBound() throws {
        var workshop = try Samples.workshop()
        #expect(try workshop.join(isRemote: false, at: workshop.start - .microseconds(1)).state == .confirmed)
        #expect(throws: Workshop.Refusal.registrationClosed) { try workshop.join(isRemote: false, at: workshop.start) }
        var draft = try Samples.workshop(state: .draft)
        #expect(throws: Workshop.Refusal.registrationClosed) { try draft.join(isRemote: false, at: Samples.now) }
        var cancelled = try Samples.workshop(state: .cancelled)
        #expect(throws: Workshop.Refusal.registrationClosed) { try cancelled.join(isRemote: false, at: Samples.now) }
    }

    @Test("gives each newcomer the next turn, and none to whom it turns away")
    func turns() throws {
        var workshop = try Samples.workshop(capacity: 1, waitingMax: 1)
        let first = try workshop.join(isRemote: false, at: Samples.now)
        let second = try workshop.join(isRemote: false, at: Samples.now)
        #expect(first == (.confirmed, 1))
        #expect(second == (.waitlisted, 2))
        #expect(throws: Workshop.Refusal.waitlistFull) { try workshop.join(isRemote: false, at: Samples.now) }
        #expect(workshop.lastTurn == 2)
        #expect(workshop.waiting == 1)
    }

    @Test("lets nobody move up once its first session has begun")
    func noPromotionAfterTheBeginning() throws {
        var workshop = try Samples.workshop(capacity: 1)
        _ = try workshop.join(isRemote: false, at: Samples.now)
        _ = try workshop.join(isRemote: false, at: Samples.now)
        workshop.release(Samples.registration(.confirmed))
        let late = workshop.fillSeats(at: workshop.start) { _ in Samples.registration(.waitlisted) }
        #expect(late.isEmpty)
        var next: [Registration] = [Samples.registration(.waitlisted)]
        let inTime = workshop.fillSeats(at: workshop.start - .microseconds(1)) { _ in next.popLast() }
        #expect(inTime.count == 1)
        #expect(workshop.waiting == 0)
        #expect(workshop.seats.taken == 1)
    }

    @Test("keeps its places once its last session has ended")
    func over() throws {
        var workshop = try Samples.workshop()
        try workshop.setCapacity(5, at: workshop.end - .microseconds(1))
        #expect(workshop.seats.capacity == 5)
        #expect(throws: Workshop.Refusal.over) { try workshop.setCapacity(6, at: workshop.end) }
        #expect(throws: Workshop.Refusal.over) { try workshop.releaseReserve(at: workshop.end) }
        var cancelled = try Samples.workshop(state: .cancelled)
        #expect(throws: Workshop.Refusal.over) { try cancelled.setCapacity(6, at: Samples.now) }
    }

    @Test("shows that it runs and that it is over by the clock")
    func shownState() throws {
        let workshop = try Samples.workshop(lengths: [60, 60])
        func state(_ instant: Timestamp) -> API.Workshop.State { API.Workshop.State(workshop, at: instant) }
        #expect(state(workshop.start - .microseconds(1)) == .published)
        #expect(state(workshop.start) == .running)
        #expect(state(workshop.end - .microseconds(1)) == .running)
        #expect(state(workshop.end) == .completed)
        #expect(API.Workshop.State(try Samples.workshop(state: .draft), at: workshop.end) == .draft)
    }

    @Test("is a draft to those alone who prepare it")
    func visibility() throws {
        let draft = try Samples.workshop(state: .draft)
        func person(_ id: String, _ roles: [Role], board: String = Samples.board) -> Caller {
            Caller(.person(id: id, board: board), roles: roles.map { .init($0, board: board) }, displayName: "")
        }
        #expect(draft.isVisible(to: person("f", [.staff])))
        #expect(draft.isVisible(to: person("x", [.staff, .boardLead])))
        #expect(!draft.isVisible(to: person("x", [.staff, .facilitator])))
        #expect(!draft.isVisible(to: person("x", [.staff, .boardLead], board: "other")))
        #expect(!draft.isVisible(to: .operator))
        #expect(try Samples.workshop().isVisible(to: person("x", [.staff])))
    }

    @Test("is warned of when it has no French text or a session in the summer")
    func warnings() throws {
        var workshop = try Samples.workshop()
        #expect(workshop.publishWarnings.isEmpty)
        workshop.title = TextByLanguage(["en": "Fractions"])
        workshop.summary = TextByLanguage(["fr-CA": "Tout"])
        #expect(workshop.publishWarnings.count == 1)
        workshop.sessions[0].start = try #require(LocalDateTime("2026-07-01T09:00:00"))
        #expect(workshop.publishWarnings.count == 2)
        workshop.sessions[0].start = try #require(LocalDateTime("2026-09-01T09:00:00"))
        #expect(workshop.publishWarnings.count == 1)
    }
}
