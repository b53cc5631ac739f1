import ModuleKit
import TestKit
import Testing
import WorkshopsAPI

@testable import WorkshopsModule

/// A workshop that begins an hour after `start` of the clock.
enum Samples {
    static let now = Timestamp(seconds: 1_795_530_600)
    static let board = "b"

    /// - Parameter lengths: of its sessions, in minutes, one a day.
    static func workshop(
        capacity: Int = 3, reserve: Int = 0, waitingMax: Int = 2, lengths: [Int] = [90],
        state: Workshop.State = .published
    ) throws -> Workshop {
        try Workshop(
            name: WorkshopName(board: board, workshop: "w"), title: TextByLanguage(["fr": "Les fractions"]),
            summary: TextByLanguage([:]), mode: .inPerson, state: state,
            sessions: lengths.enumerated().map { day, minutes in try session(day: day, minutes: minutes) },
            facilitators: ["f"], seats: Seats(capacity: capacity, reserve: reserve), waitingMax: waitingMax,
            createdAt: now)
    }

    static func session(day: Int, minutes: Int) throws -> Session {
        let local = try #require(LocalDateTime("2026-11-24T15:45:00"))
        let start = now + .seconds(3_600 + day * 86_400)
        return Session(
            start: local, end: local, zone: "America/Toronto",
            interval: try #require(Interval(start: start, end: start + .seconds(minutes * 60))), room: "",
            conferenceURI: "")
    }

    static func registration(_ state: Registration.State, minutes: Int = 0) -> Registration {
        Registration(
            name: RegistrationName(board: board, workshop: "w", registration: "r"), person: "p", state: state,
            isRemote: false, turn: 1, minutes: minutes, createdAt: now)
    }
}
