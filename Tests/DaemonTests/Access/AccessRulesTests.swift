import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("The rules of access can be read")
struct AccessRulesTests {
    @Test("a privacy officer reads who may call what, and who may see what")
    func readable() async throws {
        let scene = try await AccessScene()
        let officer = try #require(scene.callers["privacy_officer"])
        let rules = try await officer.call(AccessMethods.listAccessRules, .init()).rules
        let revocation = rules.filter { $0.subject == "cordee.directory.v1.Directory/RevokeRole" }
        #expect(revocation.map(\.role) == [.boardLead])
        #expect(revocation.map(\.over) == [.board])
        let registrations = rules.filter { $0.subject == "cordee.workshops.v1/Registration" }
        #expect(registrations.map(\.over) == [.self_, .own, .board])
        let mine = try await officer.call(
            AccessMethods.listAccessRules, .with { $0.role = .privacyOfficer }
        ).rules
        #expect(!mine.isEmpty && mine.allSatisfy { $0.role == .privacyOfficer })
        #expect(mine.count < rules.count)
    }
}
