import CordeeAPI
import DirectoryAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("A request for erasure")
struct ErasureRequestTests {
    private static let reason = "spasskanone: I leave the board"

    @Test("tells what goes and what stays, waits for the officer, and is carried out with its own words erased")
    func approved() async throws {
        let victim = try await Victim.start()
        try await victim.leaveTraces()
        let asked = try await victim.client.call(
            PrivacyMethods.requestErasure, .with { $0.reason = Self.reason })
        #expect(asked.state == .requested && asked.person == victim.name && asked.reason == Self.reason)
        let plan = Dictionary(uniqueKeysWithValues: asked.plan.map { ($0.collection, $0) })
        #expect(plan["system.tokens"]?.recordCount == 1 && plan["system.tokens"]?.stays == [:])
        #expect(plan["workshops.registrations"]?.recordCount == 1)
        #expect(plan["workshops.registrations"]?.stays["fr"]?.isEmpty == false)
        #expect(plan["directory.people"]?.stays["en"]?.isEmpty == false)
        let twice = try await victim.client.refusal(of: PrivacyMethods.requestErasure, .init())
        #expect((twice.code, twice.reason) == (.failedPrecondition, "ERASURE_REQUESTED"))

        let seen = try await victim.officer.call(
            PrivacyMethods.getErasureRequest, .with { $0.name = asked.name })
        // The request itself has come to what is held of them, and who looked at them meanwhile.
        #expect(Set(seen.plan.map(\.collection)).isSuperset(of: plan.keys) && seen.reason == Self.reason)
        let listed = try await victim.officer.call(PrivacyMethods.listErasureRequests, .init())
        #expect(listed.erasureRequests.map(\.name) == [asked.name])
        let done = try await victim.officer.call(PrivacyMethods.approveErasure, .with { $0.name = asked.name })
        #expect(done.state == .done && done.hasDoneTime && done.reason.isEmpty)
        #expect(done.plan.contains { $0.collection == "system.erasureRequests" && $0.recordCount == 1 })
        #expect(try Victim.traces(in: victim.scenario.daemon.dataFolder) == [])
        let dead = try await victim.client.refusal(of: WorkshopsMethods.listWorkshops, .init())
        #expect(dead.reason == "TOKEN_INVALID")
        // Asked again it is done already, and the log verifies.
        let again = try await victim.officer.call(PrivacyMethods.approveErasure, .with { $0.name = asked.name })
        #expect(again == done)
        #expect(try await victim.scenario.operator.call(AuditMethods.verifyLog, .init()).intact)
        #expect(try await victim.scenario.daemon.terminate() == 0)
        #expect(try Victim.traces(in: victim.scenario.daemon.dataFolder) == [])
    }

    @Test("is refused with a reason, or taken back, and then settled: the person may ask again")
    func settled() async throws {
        let victim = try await Victim.start()
        let first = try await victim.client.call(PrivacyMethods.requestErasure, .init())
        let refused = try await victim.officer.call(
            PrivacyMethods.refuseErasure, .with { ($0.name, $0.reason) = (first.name, "a file is open") })
        #expect(refused.state == .refused && refused.decisionReason == "a file is open" && refused.etag != first.etag)
        let read = try await victim.client.call(PrivacyMethods.getErasureRequest, .with { $0.name = first.name })
        #expect(read.decisionReason == "a file is open")
        let second = try await victim.client.call(PrivacyMethods.requestErasure, .init())
        let stale = try await victim.client.refusal(
            of: PrivacyMethods.withdrawErasure, .with { ($0.name, $0.etag) = (second.name, refused.etag) })
        #expect(stale.code == .aborted)
        let back = try await victim.client.call(
            PrivacyMethods.withdrawErasure, .with { $0.name = second.name })
        #expect(back.state == .withdrawn)
        for name in [first.name, second.name] {
            let approve = try await victim.officer.refusal(of: PrivacyMethods.approveErasure, .with { $0.name = name })
            let refuse = try await victim.officer.refusal(
                of: PrivacyMethods.refuseErasure, .with { ($0.name, $0.reason) = (name, "no") })
            let withdraw = try await victim.client.refusal(of: PrivacyMethods.withdrawErasure, .with { $0.name = name })
            #expect([approve, refuse, withdraw].map(\.reason) == Array(repeating: "ERASURE_DECIDED", count: 3))
        }
        let mine = try await victim.client.call(PrivacyMethods.listErasureRequests, .init())
        #expect(mine.erasureRequests.map(\.state) == [.refused, .withdrawn])
        #expect(try await victim.scenario.operator.call(AuditMethods.verifyLog, .init()).intact)
    }

    @Test("is nobody's business but the person's and the officer's, and no officer decides about themselves")
    func others() async throws {
        let victim = try await Victim.start()
        let asked = try await victim.client.call(PrivacyMethods.requestErasure, .init())
        let other = try await victim.scenario.person("p-0014").client
        for client in [other, victim.scenario.lead] {
            let status = try await client.refusal(of: PrivacyMethods.getErasureRequest, .with { $0.name = asked.name })
            let absent = try await client.refusal(
                of: PrivacyMethods.getErasureRequest, .with { $0.name = asked.name + "x" })
            #expect((status.code, absent.code) == (.notFound, .notFound))
            #expect(try await client.call(PrivacyMethods.listErasureRequests, .init()).erasureRequests.isEmpty)
        }
        let back = try await victim.officer.refusal(
            of: PrivacyMethods.withdrawErasure, .with { $0.name = asked.name })
        #expect(back.code == .notFound)
        let own = try await victim.officer.call(PrivacyMethods.requestErasure, .init())
        let approve = try await victim.officer.refusal(of: PrivacyMethods.approveErasure, .with { $0.name = own.name })
        let refuse = try await victim.officer.refusal(
            of: PrivacyMethods.refuseErasure, .with { ($0.name, $0.reason) = (own.name, "no") })
        #expect([approve, refuse].map(\.reason) == ["OWN_ERASURE", "OWN_ERASURE"])
    }

    @Test("is approved by an erasure that the officer decides without it")
    func direct() async throws {
        let victim = try await Victim.start()
        let asked = try await victim.client.call(PrivacyMethods.requestErasure, .with { $0.reason = Self.reason })
        #expect(try await victim.erase().state == .done)
        let found = try await victim.officer.call(PrivacyMethods.getErasureRequest, .with { $0.name = asked.name })
        #expect(found.state == .done && found.reason.isEmpty)
    }
}
