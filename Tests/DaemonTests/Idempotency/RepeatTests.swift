import CordeeAPI
import DirectoryAPI
import Metrics
import RPC
import Store
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// Each test repeats a call by hand, with its key, as a client does that has lost the answer.
@Suite("A write with an idempotency key")
struct RepeatTests {
    private typealias Draft = CordeeWorkshops_CreateWorkshopRequest

    private static func draft(capacity: Int32 = 3, validateOnly: Bool = false) -> Draft {
        .with {
            $0.workshop = Scenario.draft(capacity: capacity)
            $0.validateOnly = validateOnly
        }
    }

    private static func workshops(_ client: TestClient) async throws -> [String] {
        try await client.call(WorkshopsMethods.listWorkshops, .with { $0.pageSize = 1_000 }).workshops.map(\.name)
    }

    @Test("is carried out once, and answered alike in each codec", arguments: [false, true], ["1", "2"])
    func once(json: Bool, loops: String) async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": loops])
        let client = scenario.facilitator
        let first = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), json: json, key: "a")
        for json in [false, true] {
            let again = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), json: json, key: "a")
            #expect(again == first)
        }
        #expect(try await Self.workshops(client) == [first.name])
        // Without a key each call is one of its own.
        for _ in 0..<2 {
            _ = try await client.client.call(
                service: "cordee.workshops.v1.Workshops", method: "CreateWorkshop",
                payload: try Self.draft().serializedBytes(), client.options())
        }
        #expect(try await Self.workshops(client).count == 3)
        let metrics = try await scenario.operator.call(MetricsMethods.listMetrics, .init()).metrics
        #expect(metrics.first { $0.name == "cordee_idempotency_replays_total" }?.value == 2)
    }

    @Test("answers a key that came with another request by a refusal, and carries nothing out")
    func otherRequest() async throws {
        let scenario = try await Scenario.start()
        let client = scenario.facilitator
        let first = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        let refused = try await client.refusal(of: WorkshopsMethods.createWorkshop, Self.draft(capacity: 4), key: "a")
        #expect((refused.code, refused.reason) == (.failedPrecondition, "IDEMPOTENCY_KEY_REUSED"))
        #expect(try await Self.workshops(client) == [first.name])
        #expect(try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a") == first)
    }

    @Test("is another one for another caller and for another method, and one for all tokens of a caller")
    func owners() async throws {
        let scenario = try await Scenario.start()
        let client = scenario.facilitator
        let own = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        let others = try await scenario.lead.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        #expect(own.name != others.name)
        let published = try await client.call(WorkshopsMethods.publishWorkshop, .with { $0.name = own.name }, key: "a")
        #expect(published.workshop.state == .published)
        let second = try await client.call(IdentityMethods.createToken, .init())
        let renewed = client.with(token: second.token)
        #expect(try await renewed.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a") == own)
    }

    @Test("is answered again after the daemon was killed and started anew")
    func restarted() async throws {
        let scenario = try await Scenario.start()
        let first = try await scenario.facilitator.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        try await scenario.daemon.kill()
        let again = try await DaemonProcess.serving(in: scenario.daemon.folder)
        let client = try await again.client(token: scenario.facilitator.token)
        #expect(try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a") == first)
        #expect(try await Self.workshops(client) == [first.name])
    }

    @Test("that comes over two connections at once is carried out once, a hundred times", arguments: ["1", "2"])
    func simultaneous(loops: String) async throws {
        let scenario = try await Scenario.start(settings: ["daemon.loops": loops])
        let left = scenario.facilitator
        let right = try await scenario.daemon.client(token: left.token)
        for round in 0..<100 {
            async let one = left.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "k-\(round)")
            async let other = right.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "k-\(round)")
            let names = (try await one, try await other)
            #expect(names.0 == names.1)
        }
        #expect(try await Self.workshops(left).count == 100)
    }

    @Test("that failed is carried out when it comes again")
    func failed() async throws {
        let scenario = try await Scenario.start()
        let client = scenario.facilitator
        let draft = try await scenario.workshop(sessions: [], isPublished: false)
        func publish() async throws -> CordeeWorkshops_PublishWorkshopResponse {
            try await client.call(WorkshopsMethods.publishWorkshop, .with { $0.name = draft.name }, key: "a")
        }
        let refused = await #expect(throws: Status.self) { try await publish() }
        #expect(refused?.reason == "NO_SESSION")
        _ = try await client.call(
            WorkshopsMethods.updateWorkshop,
            .with {
                $0.workshop.name = draft.name
                $0.workshop.sessions = [Scenario.session()]
                $0.updateMask = .with { $0.paths = ["sessions"] }
            })
        #expect(try await publish().workshop.state == .published)
    }

    @Test("that only validates is not kept")
    func validateOnly() async throws {
        let scenario = try await Scenario.start()
        let client = scenario.facilitator
        _ = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(validateOnly: true), key: "a")
        #expect(try await Self.workshops(client) == [])
        let made = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        _ = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(validateOnly: true), key: "a")
        #expect(try await Self.workshops(client) == [made.name])
    }

    @Test("is not answered again to who has lost the right to it")
    func lostRight() async throws {
        let scenario = try await Scenario.start()
        let client = scenario.facilitator
        _ = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        let grants = try await scenario.lead.call(DirectoryMethods.listGrants, .init()).grants
        let grant = try #require(grants.first { $0.person == scenario.facilitatorName })
        _ = try await scenario.lead.call(DirectoryMethods.revokeRole, .with { $0.name = grant.name })
        let refused = try await client.refusal(of: WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        #expect((refused.code, refused.reason) == (.permissionDenied, "FORBIDDEN"))
    }

    @Test("is not answered again to who has lost a role, though another one lets them in; a role more is no harm")
    func lostRole() async throws {
        let scenario = try await Scenario.start()
        let person = try await scenario.person("p-0013")
        func grant(_ role: CordeeAPI_Role) async throws -> String {
            try await scenario.lead.call(
                DirectoryMethods.grantRole,
                .with {
                    $0.scope = scenario.board
                    $0.person = person.name
                    $0.role = role
                }
            ).name
        }
        _ = try await grant(.boardLead)
        let lost = try await grant(.facilitator)
        let first = try await person.client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        _ = try await grant(.technopedagogue)
        #expect(try await person.client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a") == first)
        _ = try await scenario.lead.call(DirectoryMethods.revokeRole, .with { $0.name = lost })
        let refused = try await person.client.refusal(of: WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        #expect((refused.code, refused.reason) == (.permissionDenied, "FORBIDDEN"))
        _ = try await person.client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "b")
    }

    @Test("is forgotten after its time")
    func expired() async throws {
        let scenario = try await Scenario.start(settings: ["idempotency.keep": "1ms"])
        let client = scenario.facilitator
        let first = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        let later = try await Patience.until("the answer is forgotten") {
            let answer = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
            return answer == first ? nil : answer
        }
        #expect(later.name != first.name)
        // One row for the key, and those that were past their time are gone.
        for index in 0..<64 {
            _ = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "k-\(index)")
        }
        try await scenario.daemon.terminate()
        #expect(try Self.database(of: scenario.daemon) { try $0.value("SELECT count(*) FROM system_idempotency") } < 40)
    }

    @Test("is forgotten when there are too many, the oldest first, and that is counted")
    func tooMany() async throws {
        let scenario = try await Scenario.start(settings: ["idempotency.keys_max": "4"])
        let client = scenario.facilitator
        let first = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        var last = first
        for index in 0..<32 {
            last = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "k-\(index)")
        }
        #expect(try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "k-31") == last)
        #expect(try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a") != first)
        let metrics = try await scenario.operator.call(MetricsMethods.listMetrics, .init()).metrics
        let dropped = metrics.first { $0.name == "cordee_idempotency_dropped_total" }?.value ?? 0
        #expect(dropped >= 16)
    }

    @Test("has one that is 1 to 128 visible ASCII characters; a read does not look at it")
    func malformed() async throws {
        let scenario = try await Scenario.start()
        let client = scenario.facilitator
        for key in ["", " ", "a b", "clé", "a\t", String(repeating: "x", count: 129)] {
            let refused = try await client.refusal(of: WorkshopsMethods.createWorkshop, Self.draft(), key: key)
            #expect((refused.code, refused.reason) == (.invalidArgument, "BAD_IDEMPOTENCY_KEY"))
            _ = try await client.call(WorkshopsMethods.listWorkshops, .init(), key: key)
        }
        #expect(try await Self.workshops(client) == [])
        for key in ["~!", String(repeating: "x", count: 128)] {
            _ = try await client.call(WorkshopsMethods.createWorkshop, Self.draft(), key: key)
        }
    }

    @Test("whose answer was erased with a person's data is not carried out again")
    func erased() async throws {
        let scenario = try await Scenario.start()
        _ = try await scenario.facilitator.call(WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        try await scenario.daemon.terminate()
        let store = try Self.open(scenario.daemon)
        try await store.write("test") { try $0.execute("UPDATE system_idempotency SET response = NULL") }
        store.close()
        let again = try await DaemonProcess.serving(in: scenario.daemon.folder)
        let client = try await again.client(token: scenario.facilitator.token)
        let refused = try await client.refusal(of: WorkshopsMethods.createWorkshop, Self.draft(), key: "a")
        #expect((refused.code, refused.reason) == (.failedPrecondition, "ANSWER_ERASED"))
        #expect(try await Self.workshops(client).count == 1)
    }

    private static func open(_ daemon: DaemonProcess) throws -> Store {
        try Store.open(StoreOptions(path: "\(daemon.dataFolder)/cordee.db"), metrics: MetricsRegistry())
    }

    private static func database(of daemon: DaemonProcess, _ body: (Reader) throws -> Int64?) throws -> Int64 {
        let store = try open(daemon)
        defer { store.close() }
        let reader = try store.makeReader()
        try reader.begin()
        defer { reader.end() }
        return try body(reader) ?? -1
    }
}
