import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import ModuleKit
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Each method that writes")
struct EachWriteTests {
    @Test("answers a repeat with its key by the same bytes, or says that its answer is not kept")
    func table() async throws {
        let scenario = try await Scenario.start(clockStart: SessionClock().start)
        var run = Run(scenario)
        try await run.directory()
        try await run.growth()
        try await run.workshops()
        try await run.tokens()
        try await run.frameworks()
        try await run.keys()
        try await run.privacy()
        let services = try await scenario.operator.call(ReflectionMethods.listServices, .init()).services
        let writes = services.flatMap { service in
            service.methods.filter { !$0.readOnly }.map { "\(service.name)/\($0.name)" }
        }
        let others: Set = [
            // It ends a call of its connection, and writes nothing.
            "cordee.system.v1.Connection/Cancel",
            // Its file is its effect: a repeat finds it there.
            "cordee.system.v1.Backups/CreateBackup",
            // Its answer is about a person who was erased, so it is erased too: see the tests of privacy.
            "cordee.system.v1.Privacy/ErasePerson", "cordee.system.v1.Privacy/ApproveErasure",
            // Only for what was set aside: see EffectsTests.
            "cordee.system.v1.Reactions/RetryReaction", "cordee.system.v1.Reactions/SkipReaction",
            "cordee.system.v1.Jobs/RetryJob",
        ]
        #expect(run.called.union(others) == Set(writes))
        try await scenario.daemon.terminate()
        let database = try Fixture.file("\(scenario.daemon.dataFolder)/cordee.db")
        for secret in run.secrets { #expect(!database.contains(Array(secret.utf8))) }
        #expect(database.contains(Array("Identity/CreateToken".utf8)))
    }

    /// Carries the methods out, in an order in which each succeeds.
    private struct Run {
        let scenario: Scenario
        var called: Set<String> = []
        /// What no file may hold.
        var secrets: [String] = []

        init(_ scenario: Scenario) { self.scenario = scenario }

        /// Calls a method twice in protobuf and once in JSON, with one key.
        mutating func call<Request, Response>(
            _ method: Method<Request, Response>, by client: TestClient, _ request: Request
        ) async throws -> Response {
            called.insert("\(method.service)/\(method.name)")
            var answers: [[UInt8]] = []
            for _ in 0..<2 {
                answers.append(
                    try await client.client.call(
                        service: method.service, method: method.name, payload: request.serializedBytes(),
                        client.options(key: "key")))
            }
            #expect(answers[0] == answers[1], "\(method.name)")
            let first = try Response(serializedBytes: answers[0])
            let json = try await client.call(method, request, json: true, key: "key")
            #expect(json.isEqualTo(message: first), "\(method.name)")
            return first
        }

        /// Calls a method whose answer shows a secret; it is carried out once all the same.
        mutating func callSecretly<Request, Response>(
            _ method: Method<Request, Response>, by client: TestClient, _ request: Request
        ) async throws -> Response {
            called.insert("\(method.service)/\(method.name)")
            let first = try await client.call(method, request, key: "key")
            let refused = try await client.refusal(of: method, request, key: "key")
            #expect((refused.code, refused.reason) == (.failedPrecondition, "ANSWER_NOT_KEPT"), "\(method.name)")
            return first
        }

        mutating func directory() async throws {
            let (board, lead) = (scenario.board, scenario.lead)
            let zip = try Roster.zip(extraTeachers: 3)
            let imported = try await call(
                DirectoryMethods.importRoster, by: lead,
                .with {
                    $0.boards = scenario.boards
                    $0.roster = zip
                })
            #expect(imported.people.created == 3)
            let uploaded = try await upload(extraTeachers: 5)
            let reverted = try await call(
                DirectoryMethods.revertImport, by: lead, .with { $0.name = uploaded.importJob })
            #expect(reverted.people.deactivated == 2)
            try await people()
            let grant = try await call(
                DirectoryMethods.grantRole, by: lead,
                .with {
                    $0.scope = board
                    $0.person = scenario.facilitatorName
                    $0.role = .technopedagogue
                })
            _ = try await call(DirectoryMethods.revokeRole, by: lead, .with { $0.name = grant.name })
        }

        private mutating func people() async throws {
            let lead = scenario.lead
            let org = try await lead.call(DirectoryMethods.listOrgs, .with { $0.parent = scenario.board }).orgs[0]
            _ = try await call(
                DirectoryMethods.updateOrg, by: lead,
                .with {
                    ($0.org.name, $0.org.locality) = (org.name, "Val-d'Or")
                })
            let found = try await lead.call(
                DirectoryMethods.listPeople, .with { ($0.parent, $0.query) = (scenario.board, "prenom nom") })
            let person = try #require(found.people.first { $0.name != scenario.facilitatorName })
            _ = try await call(
                DirectoryMethods.updatePerson, by: lead,
                .with { ($0.person.name, $0.person.preferredName) = (person.name, "Lou") })
            let suspended = try await call(
                DirectoryMethods.suspendPerson, by: lead, .with { $0.name = person.name })
            #expect(suspended.state == .suspended)
            _ = try await call(DirectoryMethods.reinstatePerson, by: lead, .with { $0.name = person.name })
            _ = try await call(DirectoryMethods.markPersonLeft, by: lead, .with { $0.name = person.name })
        }

        /// A stream is repeated message by message; the same key with other messages is refused.
        private mutating func upload(
            extraTeachers count: Int
        ) async throws -> CordeeDirectory_ImportRosterResponse {
            let method = DirectoryMethods.uploadRoster
            called.insert("\(method.service)/\(method.name)")
            let client = scenario.lead
            func upload(_ count: Int) async throws -> CordeeDirectory_ImportRosterResponse {
                let zip = try Roster.zip(extraTeachers: count)
                return try await client.client.clientStream(method, client.options(key: "key")) { requests in
                    try await requests.send(
                        .with {
                            $0.boards = scenario.boards
                            $0.chunk = zip.prefix(1_000)
                        })
                    try await requests.send(.with { $0.chunk = zip.dropFirst(1_000) })
                }
            }
            let first = try await upload(count)
            #expect(first.people.created == Int32(count) - 3)
            #expect(try await upload(count) == first)
            let other = await #expect(throws: Status.self) { _ = try await upload(count + 1) }
            #expect(other?.reason == "IDEMPOTENCY_KEY_REUSED")
            return first
        }

        mutating func frameworks() async throws {
            let lead = scenario.lead
            let package = Data(try Fixture.bytes("case/framework.json"))
            let draft = try await call(
                FrameworksMethods.importFramework, by: lead, .with { $0.package = package }
            ).framework
            _ = try await call(FrameworksMethods.publishFramework, by: lead, .with { $0.name = draft.name })
            _ = try await call(FrameworksMethods.retireFramework, by: lead, .with { $0.name = draft.name })
            let method = FrameworksMethods.uploadFramework
            called.insert("\(method.service)/\(method.name)")
            func upload() async throws -> CordeeDirectory_ImportFrameworkResponse {
                try await lead.client.clientStream(method, lead.options(key: "key")) { requests in
                    try await requests.send(.with { $0.chunk = package.prefix(1_000) })
                    try await requests.send(.with { $0.chunk = package.dropFirst(1_000) })
                }
            }
            let first = try await upload()
            #expect(first.framework.version == 2)
            #expect(try await upload() == first)
        }

        mutating func keys() async throws {
            let made = try await callSecretly(
                IdentityMethods.createServiceKey, by: scenario.lead,
                .with {
                    ($0.parent, $0.label) = (scenario.board, "paie")
                    $0.methods = ["cordee.directory.v1.Directory/ListPeople"]
                })
            secrets.append(made.token)
            _ = try await call(
                IdentityMethods.revokeServiceKey, by: scenario.lead, .with { $0.name = made.serviceKey.name })
        }

        mutating func growth() async throws {
            let client = scenario.facilitator
            let framework = try await client.call(FrameworksMethods.listFrameworks, .init()).frameworks[0].name
            let competency = try await client.call(
                FrameworksMethods.listCompetencies, .with { $0.parent = framework }
            ).competencies[0].name
            _ = try await call(
                GrowthMethods.setSelfLevel, by: client, .with { ($0.competency, $0.level) = (competency, 2) })
            let person = try await scenario.lead.call(SystemMethods.whoAmI, .init()).person
            let shared = try await call(
                GrowthMethods.shareSelfLevels, by: client,
                .with {
                    $0.recipients = [person]
                    $0.untilTime = .init(SessionClock().start + .seconds(3_600))
                })
            _ = try await call(GrowthMethods.revokeShare, by: client, .with { $0.name = shared.shares[0].name })
            let need = try await call(
                GrowthMethods.openNeed, by: client, .with { ($0.competency, $0.targetLevel) = (competency, 3) })
            _ = try await call(
                GrowthMethods.closeNeed, by: client, .with { ($0.name, $0.outcome) = (need.name, .dropped) })
            let offer = try await call(
                GrowthMethods.offerExpertise, by: client, .with { $0.competency = competency })
            _ = try await call(GrowthMethods.withdrawExpertise, by: client, .with { $0.name = offer.name })
        }

        mutating func workshops() async throws {
            let client = scenario.facilitator
            let clock = SessionClock()
            let made = try await call(
                WorkshopsMethods.createWorkshop, by: client,
                .with { $0.workshop = Scenario.draft(capacity: 3, reserve: 1, sessions: clock.sessions) })
            _ = try await call(
                WorkshopsMethods.updateWorkshop, by: client,
                .with {
                    $0.workshop.name = made.name
                    $0.workshop.title = ["fr": "Autre"]
                    $0.updateMask = .with { $0.paths = ["title"] }
                })
            _ = try await call(WorkshopsMethods.publishWorkshop, by: client, .with { $0.name = made.name })
            let (staff, other) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
            let place = try await call(WorkshopsMethods.register, by: staff.client, .with { $0.workshop = made.name })
            let left = try await call(WorkshopsMethods.register, by: other.client, .with { $0.workshop = made.name })
            _ = try await call(WorkshopsMethods.withdraw, by: other.client, .with { $0.name = left.name })
            _ = try await call(
                WorkshopsMethods.setCapacity, by: client,
                .with {
                    $0.name = made.name
                    $0.capacity = 5
                })
            _ = try await call(WorkshopsMethods.releaseReserve, by: client, .with { $0.name = made.name })
            let sheet = CordeeWorkshops_RecordAttendanceRequest.with {
                $0.workshop = made.name
                $0.session = 1
                $0.entries = [
                    .with {
                        $0.registration = place.name
                        $0.minutes = 1
                    }
                ]
            }
            try scenario.daemon.clock().set(clock.end(ofSession: 1))
            _ = try await call(WorkshopsMethods.recordAttendance, by: client, sheet)
        }

        mutating func privacy() async throws {
            let (person, officer) = (try await scenario.person("p-0014").client, try await scenario.person("p-0020"))
            _ = try await scenario.lead.call(
                DirectoryMethods.grantRole,
                .with { ($0.scope, $0.person, $0.role) = (scenario.board, officer.name, .privacyOfficer) })
            let first = try await call(PrivacyMethods.requestErasure, by: person, .init())
            _ = try await call(
                PrivacyMethods.refuseErasure, by: officer.client,
                .with { ($0.name, $0.reason) = (first.name, "no") })
            let second = try await person.call(PrivacyMethods.requestErasure, .init())
            _ = try await call(PrivacyMethods.withdrawErasure, by: person, .with { $0.name = second.name })
        }

        mutating func tokens() async throws {
            let own = try await callSecretly(IdentityMethods.createToken, by: scenario.lead, .init())
            let founded = try await callSecretly(
                IdentityMethods.bootstrap, by: scenario.operator,
                .with {
                    $0.boards = ["b-new"]
                    $0.email = "somebody@new.example"
                })
            secrets = [own.token, founded.token]
            _ = try await scenario.lead.with(token: own.token).call(SystemMethods.whoAmI, .init())
            _ = try await call(IdentityMethods.signIn, by: scenario.lead, .init())
            _ = try await call(IdentityMethods.revokeToken, by: scenario.lead, .with { $0.name = own.name })
        }
    }
}
