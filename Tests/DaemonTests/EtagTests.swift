import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// Optimistic concurrency (AIP-154): each resource tells its version, and each method that changes one can check it.
@Suite("Etags")
struct EtagTests {
    private typealias Message = Google_Protobuf_DescriptorProto

    private static func files() throws -> [Google_Protobuf_FileDescriptorProto] {
        try CordeeAPIDescriptors.files() + DirectoryAPIDescriptors.files() + WorkshopsAPIDescriptors.files()
    }

    /// The methods that change a resource which the request names or holds, by the descriptors.
    private static func changing() throws -> [(method: String, request: Message)] {
        let files = try files()
        let messages = Dictionary(
            files.flatMap { file in file.messageType.map { (".\(file.package).\($0.name)", $0) } }
        ) { first, _ in first }
        return files.flatMap(\.service).flatMap(\.method).compactMap { method in
            guard method.options.idempotencyLevel != .noSideEffects, let request = messages[method.inputType] else {
                return nil
            }
            // What is created has no version yet; what only goes into a list of another resource names that one by
            // another field than `name`.
            let names = request.field.contains { field in
                let type = field.options.CordeeAPI_rules.resource
                return field.name == "name" && !type.isEmpty
                    && !Self.unchanging.contains(String(type.split(separator: "/").last ?? ""))
            }
            let holds = method.name.hasPrefix("Update")
            return names || holds ? (method.name, request) : nil
        }
    }

    /// They are made and ended, and never changed in between: to end one twice is the same as once.
    private static let unchanging: Set = ["Token", "ServiceKey", "Share", "Expertise", "Competency", "ImportJob"]

    @Test("each resource with a name of its own has an etag")
    func resources() throws {
        let resources = try Self.files().flatMap(\.messageType).filter { message in
            message.options.hasCordeeAPI_resource && !message.options.CordeeAPI_resource.pattern.isEmpty
        }
        #expect(resources.count >= 5)
        for resource in resources where !Self.unchanging.contains(resource.name) {
            #expect(resource.field.contains { $0.name == "etag" && $0.type == .string }, "\(resource.name)")
        }
    }

    @Test("each method that changes a resource takes its etag, by itself or within the resource")
    func methods() throws {
        let resources = Set(
            try Self.files().flatMap { file in
                file.messageType.filter { $0.field.contains { $0.name == "etag" } }.map {
                    ".\(file.package).\($0.name)"
                }
            })
        for (method, request) in try Self.changing() {
            let takes = request.field.contains { $0.name == "etag" || resources.contains($0.typeName) }
            #expect(takes, "\(method)")
        }
    }

    @Test("a stale etag is refused by each of them with the current one, and the right one is let through")
    func stale() async throws {
        let scenario = try await Scenario.start()
        var run = Run(scenario: scenario)
        try await run.workshops()
        try await run.grants()
        try await run.frameworks()
        try await run.people()
        try await run.requests()
        // A new method joins the table, or this fails.
        #expect(run.called == Set(try Self.changing().map(\.method)))
    }

    private struct Run {
        let scenario: Scenario
        var called: Set<String> = []

        /// Calls a method with an etag of nothing, then with the one that the refusal told.
        mutating func refuse<Request, Response>(
            _ method: Method<Request, Response>, by client: TestClient, current: String,
            _ request: (_ etag: String) -> Request
        ) async throws -> Response {
            called.insert(method.name)
            let status = try await client.refusal(of: method, request("\"stale\""))
            #expect((status.code, status.reason) == (.aborted, "ETAG_MISMATCH"), "\(method.name)")
            #expect(status.metadata["etag"] == current, "\(method.name)")
            return try await client.call(method, request(current))
        }

        mutating func workshops() async throws {
            let facilitator = scenario.facilitator
            var workshop = try await scenario.workshop(isPublished: false)
            workshop = try await refuse(WorkshopsMethods.updateWorkshop, by: facilitator, current: workshop.etag) {
                etag in
                .with {
                    $0.workshop.name = workshop.name
                    $0.workshop.etag = etag
                    $0.workshop.title = ["fr": "Autre"]
                    $0.updateMask.paths = ["title"]
                }
            }
            workshop = try await refuse(WorkshopsMethods.publishWorkshop, by: facilitator, current: workshop.etag) {
                etag in .with { ($0.name, $0.etag) = (workshop.name, etag) }
            }.workshop
            workshop = try await refuse(WorkshopsMethods.setCapacity, by: facilitator, current: workshop.etag) { etag in
                .with { ($0.name, $0.etag, $0.capacity) = (workshop.name, etag, 9) }
            }.workshop
            workshop = try await refuse(WorkshopsMethods.releaseReserve, by: facilitator, current: workshop.etag) {
                etag in .with { ($0.name, $0.etag) = (workshop.name, etag) }
            }.workshop
            let person = try await scenario.person("p-0013")
            let registration = try await person.register(in: workshop.name)
            let withdrawn = try await refuse(
                WorkshopsMethods.withdraw, by: person.client, current: registration.etag
            ) { etag in .with { ($0.name, $0.etag) = (registration.name, etag) } }
            #expect(withdrawn.registration.state == .withdrawn)
            #expect(withdrawn.registration.etag != registration.etag)
        }

        mutating func frameworks() async throws {
            let lead = scenario.lead
            let package = Data(try Fixture.bytes("case/framework.json"))
            let draft = try await lead.call(FrameworksMethods.importFramework, .with { $0.package = package }).framework
            let published = try await refuse(FrameworksMethods.publishFramework, by: lead, current: draft.etag) {
                etag in
                .with { ($0.name, $0.etag) = (draft.name, etag) }
            }
            let retired = try await refuse(FrameworksMethods.retireFramework, by: lead, current: published.etag) {
                etag in .with { ($0.name, $0.etag) = (draft.name, etag) }
            }
            #expect(retired.state == .retired)
        }

        mutating func people() async throws {
            let lead = scenario.lead
            let name = try await scenario.person("p-0020").name
            var person = try await lead.call(DirectoryMethods.getPerson, .with { $0.name = name })
            let caller = try await scenario.person("p-0020").client
            person = try await refuse(DirectoryMethods.updatePerson, by: caller, current: person.etag) { etag in
                .with {
                    ($0.person.name, $0.person.etag, $0.person.preferredName) = (name, etag, "Zoé")
                    $0.updateMask.paths = ["preferred_name"]
                }
            }
            person = try await refuse(DirectoryMethods.suspendPerson, by: lead, current: person.etag) { etag in
                .with { ($0.name, $0.etag) = (name, etag) }
            }
            person = try await refuse(DirectoryMethods.reinstatePerson, by: lead, current: person.etag) { etag in
                .with { ($0.name, $0.etag) = (name, etag) }
            }
            person = try await refuse(DirectoryMethods.markPersonLeft, by: lead, current: person.etag) { etag in
                .with { ($0.name, $0.etag) = (name, etag) }
            }
            #expect(person.state == .left)
            let board = try await lead.call(
                DirectoryMethods.getOrg, .with { $0.name = "\(scenario.board)/orgs/\(scenario.board.dropFirst(7))" })
            _ = try await refuse(DirectoryMethods.updateOrg, by: lead, current: board.etag) { etag in
                .with {
                    ($0.org.name, $0.org.etag, $0.org.locality) = (board.name, etag, "Kapuskasing")
                    $0.updateMask.paths = ["locality"]
                }
            }
        }

        /// Needs and requests for erasure.
        mutating func requests() async throws {
            let person = try await scenario.person("p-0021")
            let framework = try await person.client.call(FrameworksMethods.listFrameworks, .init()).frameworks[0].name
            let competency = try await person.client.call(
                FrameworksMethods.listCompetencies, .with { $0.parent = framework }
            ).competencies[0].name
            let need = try await person.client.call(
                GrowthMethods.openNeed, .with { ($0.competency, $0.targetLevel) = (competency, 3) })
            _ = try await refuse(GrowthMethods.closeNeed, by: person.client, current: need.etag) { etag in
                .with { ($0.name, $0.etag, $0.outcome) = (need.name, etag, .met) }
            }
            let officer = try await scenario.person("p-0022")
            _ = try await scenario.lead.call(
                DirectoryMethods.grantRole,
                .with { ($0.scope, $0.person, $0.role) = (scenario.board, officer.name, .privacyOfficer) })
            let request = try await person.client.call(PrivacyMethods.requestErasure, .init())
            _ = try await refuse(PrivacyMethods.withdrawErasure, by: person.client, current: request.etag) { etag in
                .with { ($0.name, $0.etag) = (request.name, etag) }
            }
            let refused = try await person.client.call(PrivacyMethods.requestErasure, .init())
            _ = try await refuse(PrivacyMethods.refuseErasure, by: officer.client, current: refused.etag) { etag in
                .with { ($0.name, $0.etag, $0.reason) = (refused.name, etag, "Le dossier est en cours.") }
            }
            let approved = try await person.client.call(PrivacyMethods.requestErasure, .init())
            _ = try await refuse(PrivacyMethods.approveErasure, by: officer.client, current: approved.etag) { etag in
                .with { ($0.name, $0.etag) = (approved.name, etag) }
            }
        }

        mutating func grants() async throws {
            let grant = try await scenario.lead.call(
                DirectoryMethods.grantRole,
                .with {
                    $0.scope = scenario.board
                    $0.person = scenario.facilitatorName
                    $0.role = .technopedagogue
                })
            let revoked = try await refuse(DirectoryMethods.revokeRole, by: scenario.lead, current: grant.etag) {
                etag in
                .with { ($0.name, $0.etag) = (grant.name, etag) }
            }
            #expect(revoked.etag != grant.etag)
        }
    }
}
