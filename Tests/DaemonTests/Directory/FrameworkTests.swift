import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("Competency frameworks")
struct FrameworkTests {
    @Test("each board begins with seven published competencies, in French and English")
    func seed() async throws {
        let scenario = try await Scenario.start()
        let staff = try await scenario.person("p-0013").client
        let frameworks = try await staff.call(FrameworksMethods.listFrameworks, .init()).frameworks
        #expect(frameworks.map(\.state) == [.published])
        #expect(frameworks[0].levels.map(\.number) == [0, 1, 2, 3, 4])
        let competencies = try await Self.competencies(of: frameworks[0].name, by: staff)
        #expect(competencies.count == 7)
        #expect(competencies.allSatisfy { $0.text.keys.sorted() == ["en", "fr"] })
        #expect(competencies.last?.text["fr"] == "Gestion du virage numérique")
    }

    @Test("an imported framework is a draft that leads see, then a published one that all see, and never changes")
    func life() async throws {
        let scenario = try await Scenario.start()
        let staff = try await scenario.person("p-0013").client
        let package = Data(try Fixture.bytes("case/framework.json"))
        let dry = try await scenario.lead.call(
            FrameworksMethods.importFramework, .with { ($0.package, $0.validateOnly) = (package, true) })
        #expect(dry.framework.competencyCount == 11)
        let none = try await scenario.lead.refusal(
            of: FrameworksMethods.getFramework, .with { $0.name = dry.framework.name })
        #expect(none.code == .notFound)
        let draft = try await scenario.lead.call(
            FrameworksMethods.importFramework, .with { $0.package = package }
        ).framework
        #expect((draft.state, draft.version) == (.draft, 1))
        let unseen = try await staff.refusal(of: FrameworksMethods.getFramework, .with { $0.name = draft.name })
        #expect(unseen.code == .notFound)
        let published = try await scenario.lead.call(
            FrameworksMethods.publishFramework, .with { ($0.name, $0.etag) = (draft.name, draft.etag) })
        #expect(published.state == .published)
        let all = try await Self.competencies(of: draft.name, by: staff)
        #expect(all.map(\.code) == ["C1", "C1.1", "C1.2", "C2", "C3", "C4", "C5", "C6", "C7", "C7.1", "C7.2"])
        #expect(all.filter(\.parent.isEmpty).count == 7)
        #expect(all[1].parent == all[0].name)
        let twice = try await scenario.lead.refusal(
            of: FrameworksMethods.publishFramework, .with { $0.name = draft.name })
        #expect(twice.reason == "NOT_DRAFT")
        let second = try await scenario.lead.call(
            FrameworksMethods.importFramework, .with { $0.package = package }
        ).framework
        #expect(second.version == 2)
        _ = try await scenario.lead.call(FrameworksMethods.publishFramework, .with { $0.name = second.name })
        let first = try await staff.call(FrameworksMethods.getFramework, .with { $0.name = draft.name })
        #expect(first.state == .retired)
    }

    @Test("what is exported is imported as the same framework")
    func roundTrip() async throws {
        let scenario = try await Scenario.start()
        let package = try Fixture.bytes("case/framework.json")
        let draft = try await scenario.lead.call(
            FrameworksMethods.importFramework, .with { $0.package = Data(package) }
        ).framework
        let exported = try await Self.export(draft.name, by: scenario.lead)
        let again = try await scenario.lead.call(
            FrameworksMethods.importFramework, .with { $0.package = Data(exported) }
        ).framework
        let (one, two) = (
            try await Self.competencies(of: draft.name, by: scenario.lead),
            try await Self.competencies(of: again.name, by: scenario.lead)
        )
        #expect(one.map(\.identifier) == two.map(\.identifier))
        #expect(one.map(\.code) == two.map(\.code))
        #expect(one.map(\.text) == two.map(\.text))
        #expect(again.title == draft.title)
    }

    @Test(
        "a package with a circle or a loose end is refused with its code, and nothing changes",
        arguments: [
            ("case/bad_cycle.json", "CYCLE", "C1 -> C1.1 -> C1"),
            ("case/bad_dangling.json", "UNKNOWN_REFERENCE", "0d8051ac-f944-5728-b3c0-28c11ebb64aa"),
        ])
    func refused(_ file: String, _ code: String, _ subject: String) async throws {
        let scenario = try await Scenario.start()
        let package = Data(try Fixture.bytes(file))
        let status = try await scenario.lead.refusal(
            of: FrameworksMethods.importFramework, .with { $0.package = package })
        #expect(status.code == .failedPrecondition && status.reason == "FRAMEWORK_REJECTED")
        #expect(status.metadata["code"] == code && status.metadata["subject"] == subject)
        #expect(status.violations.map(\.reason) == [code])
        let left = try await scenario.lead.call(FrameworksMethods.listFrameworks, .init()).frameworks
        #expect(left.map(\.identifier).count == 3, "the seeds of the lead's three boards")
    }

    @Test("a package of 5 000 competencies is taken, in one short write, and comes out again")
    func large() async throws {
        let scenario = try await Scenario.start()
        let package = try Self.package(items: 5_000)
        let draft = try await scenario.lead.client.clientStream(
            FrameworksMethods.uploadFramework, scenario.lead.options()
        ) { requests in
            for start in stride(from: 0, to: package.count, by: 1 << 20) {
                try await requests.send(.with { $0.chunk = Data(package[start...].prefix(1 << 20)) })
            }
        }.framework
        #expect(draft.competencyCount == 5_000)
        let exported = try await Self.export(draft.name, by: scenario.lead)
        #expect(exported.count > 1_000_000)
    }

    // MARK: -

    private static func competencies(
        of framework: String, by client: TestClient
    ) async throws -> [CordeeDirectory_Competency] {
        try await client.call(
            FrameworksMethods.listCompetencies, .with { ($0.parent, $0.pageSize) = (framework, 1_000) }
        ).competencies
    }

    private static func export(_ framework: String, by client: TestClient) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let stream = try await client.client.serverStream(
            FrameworksMethods.exportFramework, .with { $0.name = framework }, client.options())
        for try await part in stream { bytes += part.chunk }
        return bytes
    }

    /// A package of a tree of items, ten below each.
    private static func package(items count: Int) throws -> [UInt8] {
        func identifier(_ number: Int) -> String {
            let digits = String(number, radix: 16)
            return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        }
        var (items, associations): ([String], [String]) = ([], [])
        for number in 1...count {
            items.append(
                #"{"identifier":"\#(identifier(number))","uri":"urn:x:\#(number)","fullStatement":"Compétence \#(number), décrite en une phrase","humanCodingScheme":"K\#(number)"}"#
            )
            guard number > 10 else { continue }
            associations.append(
                #"{"identifier":"\#(identifier(number + 1_000_000))","uri":"urn:a:\#(number)","associationType":"isChildOf","originNodeURI":{"identifier":"\#(identifier(number))","uri":"urn:x:\#(number)"},"destinationNodeURI":{"identifier":"\#(identifier(number / 10))","uri":"urn:x:\#(number / 10)"}}"#
            )
        }
        let document =
            #"{"identifier":"\#(identifier(9_999_999))","uri":"urn:d","creator":"x","title":"Grand référentiel","language":"fr"}"#
        return Array(
            #"{"CFDocument":\#(document),"CFItems":[\#(items.joined(separator: ","))],"CFAssociations":[\#(associations.joined(separator: ","))]}"#
                .utf8)
    }
}
