import Calendar
import CordeeAPI
import Daemon
import EventLoop
import Logging
import ModuleKit
import RPC
import TestKit
import Testing
import Threading

/// A module that emits an event each day, and does what a test adds.
private struct DiaryModule: DomainModule {
    let personalData = PersonalData.none
    let boardData = BoardData([])
    let name = "diary"
    let version = "1.0.0"
    let migrations: [Migration] = []
    let descriptors: any DescriptorSource.Type = CordeeAPIDescriptors.self
    static let written = "diary.page.written.v1"
    static let orphan = "diary.orphan"

    /// The number of a page: the log's first event is its own beginning.
    static func page(_ logged: LoggedEvent) -> Int64 { logged.sequence - 1 }

    /// What ran: "early 1".
    let runs: Lock<[String]>
    /// Whether this is the version of it that came later.
    let isLater: Bool

    var reactions: [Reaction] { isLater ? [reaction("early", .beginning), reaction("late", .now)] : [] }

    var jobs: [JobKind] {
        let daily = JobKind("diary.daily", every: .seconds(86_400)) { _, _, call in
            try call.emit(Event(Self.written, board: "", subject: "page"))
            try call.schedule(Job(Self.orphan, key: "k"), at: call.now)
        }
        let orphan = JobKind(Self.orphan) { [runs] job, _, _ in runs.withLock { $0.append("orphan \(job.key)") } }
        return isLater ? [daily, orphan] : [daily]
    }

    private func reaction(_ name: String, _ start: Reaction.Start) -> Reaction {
        Reaction(name, to: [Self.written], from: start) { [runs] logged, _ in
            runs.withLock { $0.append("\(name) \(DiaryModule.page(logged))") }
        }
    }

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { [] }
}

/// A module that takes the pages of the diary.
private struct ReadingModule: DomainModule {
    let personalData = PersonalData.none
    let boardData = BoardData([])
    let name = "reading"
    let version = "1.0.0"
    let migrations: [Migration] = []
    let descriptors: any DescriptorSource.Type = CordeeAPIDescriptors.self
    let runs: Lock<[String]>

    var reactions: [Reaction] {
        [
            Reaction("reader", to: [DiaryModule.written], from: .now) { [runs] logged, _ in
                runs.withLock { $0.append("reader \(DiaryModule.page(logged))") }
            }
        ]
    }
    var jobs: [JobKind] {
        [
            JobKind("reading.nightly", every: .seconds(86_400)) { [runs] _, _, _ in
                runs.withLock { $0.append("nightly") }
            }
        ]
    }

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { [] }
}

@Suite("Reactions and kinds of jobs that come to a database with a past", .timeLimit(.minutes(10)))
struct NewcomerTests {
    private static let day = Duration.seconds(86_400)

    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let runs = Lock<[String]>([])

    init() throws { folder = try TemporaryFolder() }

    private func start(isLater: Bool, off: Set<String> = []) async throws -> (Daemon, Client) {
        var configuration = Configuration()
        (configuration.dataFolder, configuration.socketPath) = ("\(folder.path)/data", "\(folder.path)/socket")
        configuration.jobsLookInterval = .milliseconds(1)
        configuration.disabledModules = ModuleNames(off)
        let daemon = try await Daemon.start(
            configuration, modules: [DiaryModule(runs: runs, isLater: isLater), ReadingModule(runs: runs)],
            environment: [:],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { [clock] in clock.now })
        return (daemon, try await Client.connect(to: .unix(path: configuration.socketPath), on: Patience.loop))
    }

    private func orphan(_ client: Client) async throws -> CordeeSystem_Job? {
        try await client.call(JobsMethods.listJobs, .init()).jobs.first { $0.kind == DiaryModule.orphan }
    }

    @Test("one that begins now passes over what was before, one from the beginning takes it; a clock's jump is noticed")
    func past() async throws {
        let (first, client) = try await start(isLater: false)
        // The clock is moved without a word to the daemon.
        for count in 1...3 {
            _ = try await Patience.until("page \(count)") {
                let job = try await client.call(JobsMethods.listJobs, .init()).jobs.first { $0.kind == "diary.daily" }
                let due = clock.now + Self.day
                return job?.dueTime.seconds == due.seconds ? true : nil
            }
            if count < 3 { clock.advance(by: Self.day) }
        }
        await first.stop()
        let (second, _) = try await start(isLater: true)
        _ = try await Patience.until("the past is taken") {
            runs.withLock { $0.contains("early 3") } ? true : nil
        }
        clock.advance(by: Self.day)
        _ = try await Patience.until("the new one is taken by both") {
            runs.withLock { $0.contains("early 4") && $0.contains("late 4") } ? true : nil
        }
        await second.stop()
        let all = runs.withLock { $0 }
        #expect(all.filter { $0.hasPrefix("early") } == (1...4).map { "early \($0)" })
        #expect(all.filter { $0.hasPrefix("late") } == ["late 4"])
    }

    @Test("the reactions of a module that is turned off queue, and its jobs pause")
    func off() async throws {
        let (first, client) = try await start(isLater: true, off: ["reading"])
        _ = try await Patience.until("the page is written") { runs.withLock { $0.contains("early 1") } ? true : nil }
        let reaction = try await client.call(ReactionsMethods.listReactions, .init()).reactions
            .first { $0.name == "reading.reader" }
        #expect((reaction?.state, reaction?.cursor, reaction?.lag) == (.paused, 1, 1))
        await first.stop()
        #expect(runs.withLock { $0.filter { $0.hasPrefix("reader") || $0 == "nightly" } } == [])
        let (second, _) = try await start(isLater: true)
        _ = try await Patience.until("both are done") {
            runs.withLock { $0.contains("reader 1") && $0.contains("nightly") } ? true : nil
        }
        await second.stop()
    }

    @Test("a job of a kind that nobody knows waits, also across a stop, until a module does")
    func unknownKind() async throws {
        let (first, client) = try await start(isLater: false)
        let job = try await Patience.until("it is listed") { try await orphan(client) }
        #expect(job.state == .paused)
        await first.stop()
        let (second, _) = try await start(isLater: true)
        _ = try await Patience.until("it is done") { runs.withLock { $0.contains("orphan k") } ? true : nil }
        await second.stop()
        #expect(runs.withLock { $0.filter { $0 == "orphan k" } }.count == 1)
    }
}
