import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Exporting a person")
struct ExportTests {
    @Test("gives the person all collections in JSON, and the privacy officer too, whose look is on record")
    func export() async throws {
        let victim = try await Victim.start()
        try await victim.leaveTraces()
        let own = try await records(victim.client, "")
        #expect(
            Set(own.map(\.collection)) == [
                "directory.people", "directory.grants", "workshops.registrations", "system.tokens", "system.accesses",
                "directory.levels", "directory.needs",
            ])
        let person = try #require(own.first { $0.collection == "directory.people" })
        let record = try CordeeDirectory_Person(jsonString: person.json)
        #expect(record.email == Victim.email && record.familyName == Victim.family && record.assignments.count == 1)
        let text = own.map(\.json).joined(separator: "\n")
        #expect(text.contains("spasskanone") && text.contains("LabelOfQuirinus"))
        #expect(!text.contains("cordee_"))

        let before = try await victim.client.call(PrivacyMethods.listAccesses, .init()).accesses.count
        #expect(try await records(victim.officer, victim.name).count >= own.count)
        let after = try await victim.client.call(PrivacyMethods.listAccesses, .init()).accesses
        #expect(after.count == before + 1 && after[0].method == "cordee.system.v1.Privacy/ExportPerson")

        await #expect(throws: Status.self) { try await records(victim.scenario.lead, victim.name) }
        _ = try await victim.erase()
        #expect(try await records(victim.officer, victim.name).map(\.collection) == ["workshops.registrations"])
    }

    private func records(_ client: TestClient, _ person: String) async throws -> [CordeeSystem_ExportedRecord] {
        let stream = try await client.client.serverStream(
            PrivacyMethods.exportPerson, .with { $0.person = person }, client.options())
        var records: [CordeeSystem_ExportedRecord] = []
        for try await record in stream { records.append(record) }
        return records
    }
}
