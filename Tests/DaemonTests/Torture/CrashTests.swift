import EventLoop
import Glibc
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// A daemon that is killed at random moments under load, and started again on what is left: `make test` does it some
/// times, `make torture` some hundred times.
@Suite("Killed at random moments")
struct CrashTests {
    private static let settings = ["daemon.loops": "2"]
    private static let callerCount = 24
    private static let capacity: Int32 = 6
    /// Then the callers turn to new workshops, so that reading all of one stays quick.
    private static let killsPerScene = 25

    @Test("after each kill all that was acknowledged is there once, nothing half, and what is repeated is done once")
    func kills() async throws {
        var random = Random(seed: TortureOptions.seed)
        let scenario = try await Scenario.start(
            roster: Roster.zip(extraTeachers: Self.callerCount), settings: Self.settings)
        let people = try await inParallel(Roster.extraIDs(Self.callerCount)) { try await scenario.person($0) }
        let callers = people.map { CrashLoad.Caller(person: $0.name, token: $0.client.token ?? "") }
        let folder = scenario.daemon.folder
        let facilitator = try #require(scenario.facilitator.token)
        let ledger = CrashLedger()
        var (workshops, all): ([String], [String]) = ([], [])
        var previous = "none"
        try await scenario.daemon.kill()

        for kill in 1...TortureOptions.killCount {
            let moment = KillMoment.random(using: &random)
            let story = "seed \(TortureOptions.seed), kill \(kill): \(moment); the one before: \(previous)"
            if case .starting(let nanoseconds) = moment {
                try await cutShort(in: folder, after: nanoseconds)
            } else {
                let daemon = try await DaemonProcess.serving(in: folder, settings: Self.settings)
                let lead = try await daemon.client(token: facilitator)
                let load = CrashLoad(callers: callers, workshops: workshops, ledger: ledger)
                try await load.repeatSome(on: daemon, using: &random)
                for workshop in workshops { try await check(workshop, ledger, lead, story) }
                if kill % Self.killsPerScene == 1 || workshops.isEmpty {
                    workshops = try await newWorkshops(lead)
                    all += workshops
                }
                if case .serving(let acks, let nanoseconds) = moment {
                    let load = CrashLoad(callers: callers, workshops: workshops, ledger: ledger)
                    try await load.run(on: daemon, until: acks, nanoseconds: nanoseconds, seed: random.next())
                }
                #expect(try await daemon.process.exitCode() == 128 + SIGKILL, "\(story)")
            }
            try await examine(folder, story)
            previous = "\(moment)"
        }
        #expect(ledger.ackCount >= TortureOptions.killCount, "the load had no time to do anything")

        // At the end, all that was ever acknowledged, and an end in peace.
        let daemon = try await DaemonProcess.serving(in: folder, settings: Self.settings)
        let lead = try await daemon.client(token: facilitator)
        for workshop in all { try await check(workshop, ledger, lead, "seed \(TortureOptions.seed), at the end") }
        #expect(try await daemon.terminate() == 0)
        try await examine(folder, "seed \(TortureOptions.seed), at the end")
    }

    /// Starts one and kills it, wherever it is by then.
    private func cutShort(in folder: TemporaryFolder, after nanoseconds: UInt64) async throws {
        let daemon = try DaemonProcess(in: folder, settings: Self.settings)
        try await Patience.loop.sleep(for: .nanoseconds(nanoseconds))
        try await daemon.kill()
    }

    /// What a killed daemon left, before another one touches it.
    private func examine(_ folder: TemporaryFolder, _ story: String) async throws {
        let witness = DatabaseWitness(folder: "\(folder.path)/data", copy: "\(folder.path)/copy")
        #expect(try await witness.complaints() == [], "\(story)")
        #expect(try await auditVerifies(witness), "\(story)")
    }

    private func newWorkshops(_ lead: TestClient) async throws -> [String] {
        var names: [String] = []
        for _ in 0..<3 {
            let draft = try await lead.call(
                WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft(capacity: Self.capacity) })
            names.append(draft.name)
            _ = try await lead.call(WorkshopsMethods.publishWorkshop, .with { $0.name = draft.name })
        }
        return names
    }

    /// What a daemon says of a workshop: what its callers know, and no place given twice or left empty.
    private func check(_ workshop: String, _ ledger: CrashLedger, _ lead: TestClient, _ story: String) async throws {
        var rows: [CordeeWorkshops_Registration] = []
        var token = ""
        repeat {
            let page = try await lead.call(
                WorkshopsMethods.listRegistrations,
                .with {
                    $0.parent = workshop
                    $0.showFinal = true
                    $0.pageSize = 1_000
                    $0.pageToken = token
                })
            rows += page.registrations
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(ledger.reconcile(workshop, with: rows) == [], "\(story)")
        let counted = try await lead.call(WorkshopsMethods.getWorkshop, .with { $0.name = workshop })
        let seated = rows.count { $0.state == .confirmed }
        let waiting = rows.filter { $0.state == .waitlisted }
        #expect(seated <= Int(Self.capacity), "\(story)")
        #expect(waiting.isEmpty || seated == Int(Self.capacity), "somebody waits beside an empty place; \(story)")
        #expect(waiting.map(\.rank) == Array(waiting.indices.map { Int32($0 + 1) }), "\(story)")
        #expect(Int(counted.confirmedCount) == seated && Int(counted.waitlistedCount) == waiting.count, "\(story)")
        let people = rows.filter { $0.state != .withdrawn }.map(\.person)
        #expect(Set(people).count == people.count, "\(story)")
    }
}
