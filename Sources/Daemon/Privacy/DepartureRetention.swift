import Calendar
import ModuleKit
import Store

/// Erases people some years after they left: each day a look at who is gone, page by page, then who has been gone for long
/// enough, a few in each write.
struct DepartureRetention: Sendable {
    static let jobName = "system.departures"
    /// What stands in the ledger in place of an officer.
    static let officer = "retention"
    private static let peoplePerLook = 500
    private static let erasedPerJob = 5

    let eraser: Eraser
    let people: any PeopleDirectory
    /// Whole years; 0 keeps people for ever.
    let years: Int

    var job: JobKind {
        JobKind(Self.jobName, every: .seconds(86_400)) { job, _, call in
            guard years > 0 else { return }
            // "LOOK AFTER": when the look began, and the last id that it saw.
            let parts = job.key.split(separator: " ", omittingEmptySubsequences: false)
            let look = parts.first.flatMap { Int64($0) }.map { Timestamp(microseconds: $0) } ?? call.now
            if job.key.isEmpty || parts.count == 2 {
                let after = parts.count == 2 ? String(parts[1]) : ""
                let gone = try people.departed(after: after, limit: Self.peoplePerLook, in: call.db)
                try DepartureTable.see(
                    gone.map { PersonRef(board: $0.board, person: $0.id) }, at: look, in: call.db)
                if gone.count == Self.peoplePerLook, let last = gone.last {
                    return try call.schedule(Job(Self.jobName, key: "\(look.microseconds) \(last.id)"), at: call.now)
                }
                try DepartureTable.removeUnseen(by: look, in: call.db)
            }
            guard try eraseSome(call) else { return }
            try call.schedule(Job(Self.jobName, key: "\(look.microseconds)"), at: call.now)
        }
    }

    /// - Returns: whether there may be more.
    private func eraseSome(_ call: EffectCall) throws -> Bool {
        let rows = try DepartureTable.oldest(Self.erasedPerJob, in: call.db)
        let due = rows.prefix { Self.isDue($0.since, years: years, at: call.now) }
        for row in due {
            let person = row.person
            if try people.state(of: person.person, of: person.board, in: call.db) == .left {
                let entry = ErasureLedger.Entry(
                    at: call.now, board: person.board, person: person.person, officer: Self.officer)
                try eraser.erase(entry, in: call)
                try call.emit(
                    Event(
                        "system.erasure.decided.v1", board: person.board, subject: person.name, person: person.person))
            }
            try DepartureTable.remove(person.person, in: call.db)
        }
        return due.count == Self.erasedPerJob
    }

    /// Whether the day has come (UTC) that is so many years after another; 29 February ends on the 28th.
    static func isDue(_ since: Timestamp, years: Int, at now: Timestamp) -> Bool {
        day(now) >= end(of: day(since), years: years)
    }

    static func end(of day: CivilDate, years: Int) -> CivilDate {
        let year = day.year + years
        return CivilDate(year: year, month: day.month, day: day.day)
            ?? CivilDate(year: year, month: day.month, day: 28) ?? day
    }

    private static func day(_ instant: Timestamp) -> CivilDate {
        // Proof of rounding: `seconds` rounds to the past, and what is before 1970 does not occur here.
        CivilDate(daysSinceEpoch: instant.seconds / 86_400)
    }
}
