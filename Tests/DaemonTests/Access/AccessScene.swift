import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// Two boards, a published workshop with two who take part in each, a draft beside it, and one caller of each role of
/// the first board.
struct AccessScene {
    let scenario: Scenario
    /// Who takes part.
    let participant: Scenario.Person
    let other: Scenario.Person
    let workshop: String
    /// By the columns of the matrix.
    let callers: [String: TestClient]
    private let here: [String: String]
    private let there: [String: String]

    init() async throws {
        scenario = try await Scenario.start(
            settings: ["listen.tcp": "127.0.0.1:0", "listen.tcp_clear_on_loopback": "true"])
        participant = try await scenario.person("p-0013")
        other = try await scenario.person("p-0014")
        workshop = try await scenario.workshop().name
        here = try await Self.things(
            of: scenario, board: 0, preparedBy: scenario.facilitator, named: scenario.facilitatorName,
            workshop: workshop,
            participant, other)
        let leader = try await scenario.person("p-0053")
        let thereWorkshop = try await Self.publish(by: leader, in: scenario, board: 1)
        there = try await Self.things(
            of: scenario, board: 1, preparedBy: leader.client, named: leader.name, workshop: thereWorkshop,
            try await scenario.person("p-0054"), try await scenario.person("p-0055"))
        callers = try await Self.callers(of: scenario, participant)
    }

    /// What a word of the matrix stands for in the callers' own board.
    func value(_ word: String) -> String { here[word] ?? "" }

    func fill(_ row: AccessMatrix.Row) -> String {
        (row.scope == .here ? here : there).reduce(row.request) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    private static func publish(
        by leader: Scenario.Person, in scenario: Scenario, board: Int
    ) async throws -> String {
        _ = try await scenario.lead.call(
            DirectoryMethods.grantRole,
            .with { ($0.scope, $0.person, $0.role) = (scenario.boards[board], leader.name, .facilitator) })
        let draft = try await leader.client.call(
            WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft() })
        return try await leader.client.call(
            WorkshopsMethods.publishWorkshop, .with { $0.name = draft.name }
        ).workshop.name
    }

    /// What the words of the matrix stand for.
    private static func things(
        of scenario: Scenario, board index: Int, preparedBy leader: TestClient, named leaderName: String,
        workshop: String, _ participant: Scenario.Person, _ other: Scenario.Person
    ) async throws -> [String: String] {
        let board = scenario.boards[index]
        let draft = try await leader.call(WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft() })
        let framework = try #require(
            try await scenario.lead.call(FrameworksMethods.listFrameworks, .with { $0.parent = board }).frameworks.first
        )
        let competency = try #require(
            try await scenario.lead.call(FrameworksMethods.listCompetencies, .with { $0.parent = framework.name })
                .competencies.first)
        let key = try await scenario.lead.call(
            IdentityMethods.createServiceKey,
            .with { ($0.parent, $0.label, $0.methods) = (board, "paie", ["cordee.directory.v1.Directory/ListOrgs"]) })
        // Jobs lie under the first board of their import.
        let jobs = try await scenario.lead.call(DirectoryMethods.listImportJobs, .with { $0.parent = board })
        let growth = try await Self.growth(of: participant, competency.name)
        let founder = try await scenario.lead.call(SystemMethods.whoAmI, .init()).person
        let grants = try await scenario.lead.call(DirectoryMethods.listGrants, .with { $0.parent = board }).grants
        let grant = try #require(grants.first { $0.person == leaderName })
        return [
            "board": board, "org": "\(board)/orgs/\(board.split(separator: "/")[1])", "facilitator": leaderName,
            "self": participant.name, "workshop": workshop, "draft": draft.name, "grant": grant.name,
            // Only leads boards alone; of another board there is nobody of the kind.
            "framework": framework.name, "key": key.serviceKey.name, "competency": competency.name,
            "job": jobs.importJobs.first?.name ?? "\(board)/importJobs/none",
            "level": growth.level, "share": growth.share, "need": growth.need, "expertise": growth.expertise,
            "founder": index == 0 ? founder : leaderName,
            "token": try await participant.client.call(IdentityMethods.createToken, .init()).name,
            "registration": try await participant.register(in: workshop).name,
            "other": try await other.register(in: workshop).name,
            "erasure": try await participant.client.call(PrivacyMethods.requestErasure, .init()).name,
        ]
    }

    /// A program that may call all that is open to programs.
    private static func service(of scenario: Scenario) async throws -> TestClient {
        let services = try await scenario.operator.call(ReflectionMethods.listServices, .init()).services
        let open = services.flatMap { service in
            service.methods.filter { $0.access.allow.contains { $0.role == .service } }.map {
                "\(service.name)/\($0.name)"
            }
        }
        let made = try await scenario.lead.call(
            IdentityMethods.createServiceKey,
            .with { ($0.parent, $0.label, $0.methods) = (scenario.board, "tout", open) })
        return try await scenario.daemon.client(token: made.token)
    }

    /// What a person said of their learning.
    private static func growth(
        of person: Scenario.Person, _ competency: String
    ) async throws -> (level: String, share: String, need: String, expertise: String) {
        let client = person.client
        let level = try await client.call(
            GrowthMethods.setSelfLevel, .with { ($0.competency, $0.level) = (competency, 1) })
        let record = try await client.call(DirectoryMethods.getPerson, .with { $0.name = person.name })
        let school = try #require(record.assignments.first { $0.primary }).org
        // With the school's team alone: no person sees it.
        let share = try await client.call(
            GrowthMethods.shareSelfLevels,
            .with {
                $0.org = school
                $0.untilTime = .init(seconds: Int64(Date().timeIntervalSince1970) + 86_400, nanos: 0)
            }
        ).shares
        let need = try await client.call(
            GrowthMethods.openNeed, .with { ($0.competency, $0.targetLevel) = (competency, 3) })
        let expertise = try await client.call(GrowthMethods.offerExpertise, .with { $0.competency = competency })
        return (level.name, try #require(share.first).name, need.name, expertise.name)
    }

    /// Somebody who holds each role, and no other, over the first board or the participant's school.
    private static func callers(
        of scenario: Scenario, _ participant: Scenario.Person
    ) async throws -> [String: TestClient] {
        var callers = [
            // Over TCP no user id stands behind the connection.
            "nobody": try await scenario.daemon.tcpClient(), "operator": scenario.operator,
            "self": participant.client, "facilitator": scenario.facilitator,
            "staff": try await scenario.person("p-0015").client,
        ]
        let record = try await participant.client.call(DirectoryMethods.getPerson, .with { $0.name = participant.name })
        let school = try #require(record.assignments.first { $0.primary }).org
        let roles: [(String, CordeeAPI_Role, String)] = [
            ("technopedagogue", .technopedagogue, "p-0016"), ("principal", .principal, "p-0017"),
            ("lead", .boardLead, "p-0018"), ("evaluator", .evaluator, "p-0019"), ("mentor", .mentor, "p-0020"),
            ("mentee", .mentee, "p-0021"), ("community_lead", .communityLead, "p-0022"),
            ("privacy_officer", .privacyOfficer, "p-0023"),
        ]
        for (column, role, id) in roles {
            let person = try await scenario.person(id)
            _ = try await scenario.lead.call(
                DirectoryMethods.grantRole,
                .with {
                    ($0.person, $0.role) = (person.name, role)
                    $0.scope = role == .principal ? school : scenario.board
                })
            callers[column] = person.client
        }
        callers["service"] = try await service(of: scenario)
        return callers
    }
}
