import CordeeAPI
import DirectoryAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("The whole of a board")
struct ExportBoardTests {
    private static func records(
        _ client: TestClient, _ board: String
    ) async throws -> [CordeeSystem_ExportedBoardRecord] {
        let stream = try await client.client.serverStream(
            PrivacyMethods.exportBoard, .with { $0.parent = board }, client.options())
        var records: [CordeeSystem_ExportedBoardRecord] = []
        for try await record in stream { records.append(record) }
        return records
    }

    @Test("has each record of the board once, page by page, none of another board, and says what is left out")
    func whole() async throws {
        let scenario = try await Scenario.start(roster: Roster.zip(extraTeachers: 120))
        let person = try await scenario.person("p-0014")
        _ = try await person.register(in: try await scenario.workshop().name)
        let records = try await Self.records(scenario.lead, scenario.board)
        let leftOut = Set(records[0].leftOut.map(\.table))
        #expect(records[0].collection.isEmpty)
        #expect(leftOut.isSuperset(of: ["directory_erased", "directory_self_levels", "directory_needs"]))
        let counts = Dictionary(grouping: records.dropFirst(), by: \.collection).mapValues(\.count)
        let names = try records.dropFirst().map { record in
            try Google_Protobuf_Struct(jsonString: record.json).fields["name"]?.stringValue ?? ""
        }
        #expect(Set(names).count == names.count && names.allSatisfy { $0.hasPrefix(scenario.board + "/") })
        // More people than a page has.
        #expect((counts["directory.people"] ?? 0) > 100, "\(counts)")
        #expect(counts["workshops.workshops"] == 1 && counts["workshops.registrations"] == 1)
        #expect(names.contains(person.name) && (counts["directory.grants"] ?? 0) >= 2)
        #expect(!records.contains { $0.json.contains("cordee_") })
        // That it was taken is on record for each person in it.
        let seen = try await person.client.call(PrivacyMethods.listAccesses, .init()).accesses
        #expect(seen.contains { $0.method == "cordee.system.v1.Privacy/ExportBoard" })
    }

    @Test("is for the lead of the board alone")
    func refused() async throws {
        let victim = try await Victim.start()
        for client in [victim.client, victim.officer, victim.scenario.operator] {
            await #expect(throws: Status.self) { try await Self.records(client, victim.scenario.board) }
        }
        await #expect(throws: Status.self) { try await Self.records(victim.scenario.lead, "boards/nowhere") }
    }
}
