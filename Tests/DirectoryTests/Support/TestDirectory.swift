import CordeeAPI
import DirectoryAPI
import Metrics
import ModuleKit
import Store
import Synchronization
import TestSupport

@testable import DirectoryModule

/// The directory on a database of its own, called without a daemon but by the access rules of its proto.
final class TestDirectory: Sendable {
    /// 24 November 2026, 14:00 UTC: when all calls happen that do not say otherwise.
    static let now = Timestamp(seconds: 1_795_528_800)

    let store: Store
    let handlers: DirectoryHandlers
    let people = DirectoryPeople()
    let generation = AccessGeneration()
    let events = EventRecorder()
    private let folder: TemporaryFolder
    private let ids = IDGenerator()
    private let rules: [String: AccessRule]
    private let failsLast = Atomic(false)

    init(settings: [String: Int] = [:]) throws {
        folder = try TemporaryFolder()
        var options = StoreOptions(path: folder.path + "/test.db")
        // How fast this machine is today is no matter of these tests.
        options.bodyBudget = .seconds(60)
        store = try Store.open(options, metrics: MetricsRegistry())
        let module = DirectoryModule()
        try store.migrate([ModuleMigrations(module: module.name, migrations: module.migrations)])
        let zones = TimeZoneCatalog(load: ZoneInfoFolder().load)
        handlers = DirectoryHandlers(
            intake: RosterIntake(ModuleSettings(module.settings, given: settings), zones: zones),
            importing: ImportSettings(ModuleSettings(module.settings, given: settings)))
        let files = try DirectoryAPIDescriptors.files()
        rules = Dictionary(
            files.flatMap(\.service).flatMap(\.method).map { ($0.name, AccessRule($0.options.CordeeAPI_access)) }
        ) { first, _ in first }
    }

    deinit { store.close() }
}

extension TestDirectory {
    /// Calls whose one write never comes, as when the daemon dies before it.
    func failingLastWrite<Value>(_ call: () async throws -> Value) async throws -> Value {
        failsLast.store(true, ordering: .relaxed)
        defer { failsLast.store(false, ordering: .relaxed) }
        return try await call()
    }
}

// The three kinds of calls, as the daemon makes them.
extension TestDirectory {
    func read<Request: Validated, Response>(
        _ method: Method<Request, Response>, _ request: Request, as caller: Caller, at now: Timestamp = now,
        _ handler: (Request, ReadCall) throws -> Response
    ) throws -> Response {
        let facts = try admit(method, request, as: caller, at: now)
        return try handler(request, ReadCall(facts, db: try store.makeReader()))
    }

    func write<Request: Validated, Response>(
        _ method: Method<Request, Response>, _ request: Request, as caller: Caller, at now: Timestamp = now,
        _ handler: @escaping @Sendable (Request, WriteCall) throws -> Response
    ) async throws -> Response {
        let facts = try admit(method, request, as: caller, at: now)
        return try await write(facts) { try handler(request, $0) }
    }

    func wait<Request: Validated, Response>(
        _ method: Method<Request, Response>, _ request: Request, as caller: Caller, at now: Timestamp = now,
        _ handler: (Request, WaitCall) async throws -> Response
    ) async throws -> Response {
        let facts = try admit(method, request, as: caller, at: now)
        return try await handler(request, WaitCall(facts, doors: self))
    }

    /// A write as the operator's calls make it.
    func writeAsOperator<Value: Sendable>(
        at now: Timestamp = now, _ body: @escaping @Sendable (WriteCall) throws -> Value
    ) async throws -> Value {
        let rule = AccessRule(.with { $0.allow = [.with { $0.role = .operator }] })
        return try await write(try facts(.operator, rule, "", over: "", at: now)) { try body($0) }
    }

    private func admit<Request: Validated, Response>(
        _ method: Method<Request, Response>, _ request: Request, as caller: Caller, at now: Timestamp
    ) throws -> CallFacts {
        guard let rule = rules[method.name] else { throw Status.notFound(method.name) }
        let facts = try facts(caller, rule, method.name, over: method.resourceName(request), at: now)
        var violations = Violations()
        request.validate(&violations)
        try violations.throwIfAny()
        return facts
    }

    private func facts(
        _ caller: Caller, _ rule: AccessRule, _ method: String, over resource: String, at now: Timestamp
    ) throws -> CallFacts {
        let pageTokens = PageTokens(key: [UInt8](repeating: 7, count: 32))
        return try Admission(of: caller, by: rule, to: method, pageTokens: pageTokens)
            .facts(over: resource, now: now, language: .fr)
    }

    private func write<Value: Sendable>(
        _ facts: CallFacts, _ body: @escaping @Sendable (WriteCall) throws -> Value
    ) async throws -> Value {
        let effects = WriteEffects(
            ids: ids, log: events, generation: generation, jobs: NoJobs(),
            pseudonyms: Pseudonyms(secret: [UInt8](repeating: 8, count: 32)))
        return try await store.write("test") { db in try body(WriteCall(facts, db: db, effects: effects)) }
    }
}

extension TestDirectory: WaitDoors {
    private struct Undone<Value: Sendable>: Error { var value: Value }

    func compute<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try work()
    }

    func read<Result>(_ facts: CallFacts, _ body: (ReadCall) throws -> Result) throws -> Result {
        try body(ReadCall(facts, db: try store.makeReader()))
    }

    func pause(for duration: Duration) async throws { throw CancellationError() }

    func report<Result: Sendable>(
        _ facts: CallFacts, _ body: @escaping @Sendable (ReadCall) throws -> Result
    ) async throws -> Result {
        try await store.report(timeLimit: .seconds(60)) { try body(ReadCall(facts, db: $0)) }
    }

    func stage<Result: Sendable>(
        _ facts: CallFacts, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result { try await write(facts, body) }

    func write<Result: Sendable>(
        _ facts: CallFacts, validateOnly: Bool, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        if failsLast.load(ordering: .relaxed) { throw CancellationError() }
        do {
            return try await write(facts) { call in
                let value = try body(call)
                if validateOnly { throw Undone(value: value) }
                return value
            }
        } catch let undone as Undone<Result> {
            return undone.value
        }
    }
}

/// The events of all writes, also of those that were undone later.
final class EventRecorder: EventLog {
    private let recorded = Mutex<[Event]>([])

    var all: [Event] { recorded.withLock { $0 } }
    var types: [String] { all.map(\.type) }

    func append(_ event: Event, by actor: String?, at now: Timestamp, in db: Transaction) throws {
        recorded.withLock { $0.append(event) }
    }
}

/// The directory schedules nothing.
struct NoJobs: JobBook {
    func schedule(_ job: Job, at due: Timestamp, in db: Transaction) throws {}
    func unschedule(_ kind: String, key: String, in db: Transaction) throws {}
}
