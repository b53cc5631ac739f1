import EventLoop
import Glibc
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// One data folder with one daemon after the other on it, each killed at a random moment.
struct CrashRun {
    private static let settings = ["daemon.loops": "2"]
    private static let callerCount = 24
    private static let capacity: Int32 = 6
    /// Then the callers turn to new workshops, so that reading all of one stays quick.
    private static let killsPerScene = 25

    let ledger = CrashLedger()
    private let seed: UInt64
    private let folder: TemporaryFolder
    private let facilitator: String
    private let callers: [CrashLoad.Caller]
    private var random: Random
    /// Those of the scene, and all there ever were.
    private var workshops: [String] = []
    private var allWorkshops: [String] = []
    private var scenesKills = 0
    private var killCount = 0
    /// What a failure tells.
    private var story: String { "seed \(seed), kill \(killCount): \(moments.suffix(2).map(\.description))" }
    private var moments: [KillMoment] = []

    /// Founds the boards and the callers, and kills that daemon too.
    init(seed: UInt64) async throws {
        self.seed = seed
        random = Random(seed: seed)
        let scenario = try await Scenario.start(
            roster: Roster.zip(extraTeachers: Self.callerCount), settings: Self.settings)
        let people = try await inParallel(Roster.extraIDs(Self.callerCount)) { try await scenario.person($0) }
        callers = people.map { CrashLoad.Caller(person: $0.name, token: $0.client.token ?? "") }
        folder = scenario.daemon.folder
        facilitator = try #require(scenario.facilitator.token)
        try await scenario.daemon.kill()
    }

    /// Starts a daemon, looks whether all is there, and kills it.
    mutating func killOnce() async throws {
        killCount += 1
        let moment = KillMoment.random(using: &random)
        moments.append(moment)
        switch moment {
        case .starting(let nanoseconds):
            let daemon = try DaemonProcess(in: folder, settings: Self.settings)
            // No wait for anything: the random moment itself, since a daemon that starts has nothing to count by.
            try await Patience.loop.sleep(for: .nanoseconds(nanoseconds))
            try await daemon.kill()
        case .serving(let acks, let nanoseconds):
            let daemon = try await DaemonProcess.serving(in: folder, settings: Self.settings)
            let lead = try await daemon.client(token: facilitator)
            try await load.repeatSome(on: daemon, using: &random)
            for workshop in workshops { try await check(workshop, lead) }
            try await turnToNewWorkshops(lead)
            try await load.run(on: daemon, until: acks, nanoseconds: nanoseconds, seed: random.next())
            #expect(try await daemon.process.exitCode() == 128 + SIGKILL, "\(story)")
        }
        try await examine()
    }

    /// All that was ever acknowledged is there, and the last daemon ends in peace.
    func end() async throws {
        let daemon = try await DaemonProcess.serving(in: folder, settings: Self.settings)
        let lead = try await daemon.client(token: facilitator)
        for workshop in allWorkshops { try await check(workshop, lead) }
        #expect(try await daemon.terminate() == 0)
        try await examine()
    }

    private var load: CrashLoad { CrashLoad(callers: callers, workshops: workshops, ledger: ledger) }

    private mutating func turnToNewWorkshops(_ lead: TestClient) async throws {
        scenesKills += 1
        guard workshops.isEmpty || scenesKills > Self.killsPerScene else { return }
        scenesKills = 0
        workshops = []
        for _ in 0..<3 {
            let draft = try await lead.call(
                WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft(capacity: Self.capacity) })
            _ = try await lead.call(WorkshopsMethods.publishWorkshop, .with { $0.name = draft.name })
            workshops.append(draft.name)
        }
        allWorkshops += workshops
    }

    /// What a daemon left, before another one touches it.
    private func examine() async throws {
        let witness = DatabaseWitness(folder: "\(folder.path)/data", copy: "\(folder.path)/copy")
        let complaints = try await witness.complaints()
        #expect(complaints == [], "\(story)")
        #expect(try await auditVerifies(witness), "\(story)")
    }

    /// What a daemon says of a workshop: what its callers know, and no place given twice or left empty.
    private func check(_ workshop: String, _ lead: TestClient) async throws {
        let rows = try await registrations(of: workshop, lead)
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

    /// All of them, the ended ones too.
    private func registrations(
        of workshop: String, _ lead: TestClient
    ) async throws -> [CordeeWorkshops_Registration] {
        var (rows, token): ([CordeeWorkshops_Registration], String) = ([], "")
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
        return rows
    }
}
