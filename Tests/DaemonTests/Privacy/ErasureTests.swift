import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Erasing a person")
struct ErasureTests {
    @Test("leaves no name, address or word about them in any file of the data folder, while the daemon serves")
    func bytes() async throws {
        let victim = try await Victim.start()
        try await victim.leaveTraces()
        let folder = victim.scenario.daemon.dataFolder
        // Copies that the daemon itself leaves in its folder.
        try FileManager.default.createDirectory(
            atPath: "\(folder)/replaced-20260101T000000Z", withIntermediateDirectories: true)
        for path in ["before-20260101T000000Z.db", "replaced-20260101T000000Z/cordee.db"] {
            try FileManager.default.copyItem(atPath: "\(folder)/cordee.db", toPath: "\(folder)/\(path)")
        }
        #expect(!(try Victim.traces(in: folder)).isEmpty)
        #expect(try await victim.erase().state == .done)
        #expect(try Victim.traces(in: folder) == [])
        #expect(!victim.scenario.daemon.process.lines.contains { line in Victim.words.contains { line.contains($0) } })
        #expect(try await victim.scenario.daemon.terminate() == 0)
        #expect(try Victim.traces(in: folder) == [])
    }

    @Test("outlives the restore of yesterday's backup: the next start erases them again")
    func restored() async throws {
        let victim = try await Victim.start()
        try await victim.leaveTraces()
        try await victim.scenario.daemon.terminate()
        let folder = victim.scenario.daemon.dataFolder
        let backup = victim.scenario.daemon.folder.file("yesterday.db")
        try FileManager.default.copyItem(atPath: "\(folder)/cordee.db", toPath: backup)

        let daemon = try await DaemonProcess.serving(in: victim.scenario.daemon.folder)
        let officer = try await daemon.client(token: victim.officer.token)
        #expect(try await officer.call(PrivacyMethods.erasePerson, .with { $0.person = victim.name }).state == .done)
        try await daemon.terminate()
        try? FileManager.default.removeItem(atPath: "\(folder)/cordee.db-wal")
        try? FileManager.default.removeItem(atPath: "\(folder)/cordee.db-shm")
        try FileManager.default.removeItem(atPath: "\(folder)/cordee.db")
        try FileManager.default.moveItem(atPath: backup, toPath: "\(folder)/cordee.db")
        #expect(!(try Victim.traces(in: folder)).isEmpty)

        let again = try await DaemonProcess.serving(in: victim.scenario.daemon.folder)
        #expect(again.process.lines.contains { $0.contains("erased again") && $0.contains("people=1") })
        #expect(try Victim.traces(in: folder) == [])
        let status = try await again.client(token: victim.officer.token).refusal(
            of: DirectoryMethods.getPerson, .with { $0.name = victim.name })
        #expect(status.code == .notFound)
        #expect(try await again.terminate() == 0)
        #expect(try Victim.traces(in: folder) == [])
    }

    @Test("leaves counts true and ids alone: the place goes to who waits, the token is dead, the name finds nobody")
    func effects() async throws {
        let victim = try await Victim.start()
        try await victim.leaveTraces()
        let waiting = try await victim.scenario.person("p-0014")
        #expect(try await waiting.register(in: victim.workshop.name).state == .waitlisted)
        _ = try await victim.erase()

        let seats = try await victim.scenario.registrations(of: victim.workshop.name)
        #expect(seats.map(\.person) == [waiting.name] && seats.map(\.state) == [.confirmed])
        let all = try await victim.scenario.facilitator.call(
            WorkshopsMethods.listRegistrations,
            .with { ($0.parent, $0.showFinal) = (victim.workshop.name, true) }
        ).registrations
        #expect(all.map(\.state) == [.withdrawn, .confirmed] && all[0].displayName.isEmpty)
        #expect(all[0].person == victim.name)
        let workshop = try await victim.officer.call(
            WorkshopsMethods.getWorkshop, .with { $0.name = victim.workshop.name })
        #expect((workshop.confirmedCount, workshop.waitlistedCount) == (1, 0))
        let dead = try await victim.client.refusal(of: WorkshopsMethods.listWorkshops, .init())
        #expect(dead.reason == "TOKEN_INVALID")
        for query in [Victim.family, "zwolf", Victim.given] {
            let found = try await victim.officer.call(DirectoryMethods.listPeople, .with { $0.query = query })
            #expect(found.people.isEmpty)
        }
        let grants = try await victim.scenario.lead.call(DirectoryMethods.listGrants, .init()).grants
        #expect(!grants.contains { $0.person == victim.name })
        // Asked again it is done already, and the log of events verifies.
        #expect(try await victim.erase().state == .done)
        #expect(try await victim.scenario.operator.call(AuditMethods.verifyLog, .init()).intact)
    }

    @Test("a repeat of a keyed write of theirs is told that its answer was erased, and nothing is written twice")
    func keptAnswers() async throws {
        let victim = try await Victim.start(seats: 5)
        let key = [("idempotency-key", "0190c0de-0000-7000-8000-000000000002")]
        let request = CordeeWorkshops_RegisterRequest.with {
            ($0.workshop, $0.person) = (victim.workshop.name, victim.name)
        }
        _ = try await victim.scenario.lead.call(WorkshopsMethods.register, request, metadata: key)
        _ = try await victim.erase()
        let status = try await victim.scenario.lead.refusal(
            of: WorkshopsMethods.register, request, metadata: key)
        #expect((status.code, status.reason) == (.failedPrecondition, "ANSWER_ERASED"))
    }

    @Test("is for the privacy officer of the person's board alone, and not for the last lead of a board")
    func refused() async throws {
        let victim = try await Victim.start()
        let request = CordeeSystem_ErasePersonRequest.with { $0.person = victim.name }
        for client in [victim.client, victim.scenario.lead, victim.scenario.operator] {
            #expect(try await client.refusal(of: PrivacyMethods.erasePerson, request).code == .permissionDenied)
        }
        let stranger = try await victim.scenario.person("p-0053")
        _ = try await victim.scenario.lead.call(
            DirectoryMethods.grantRole,
            .with { ($0.scope, $0.person, $0.role) = (victim.scenario.boards[1], stranger.name, .privacyOfficer) })
        #expect(try await stranger.client.refusal(of: PrivacyMethods.erasePerson, request).code == .notFound)
        let unknown = CordeeSystem_ErasePersonRequest.with { $0.person = "\(victim.scenario.board)/people/nobody" }
        #expect(try await victim.officer.refusal(of: PrivacyMethods.erasePerson, unknown).code == .notFound)

        let lead = try await victim.scenario.lead.call(SystemMethods.whoAmI, .init()).person
        let last = try await victim.officer.refusal(of: PrivacyMethods.erasePerson, .with { $0.person = lead })
        #expect((last.code, last.reason) == (.failedPrecondition, "LAST_BOARD_LEAD"))
        #expect(access("\(victim.scenario.daemon.dataFolder)/erasures", F_OK) != 0)
        _ = try await victim.scenario.lead.call(DirectoryMethods.getPerson, .with { $0.name = victim.name })
    }

    @Test("a roster that still names them brings nobody back; one without them ends that")
    func roster() async throws {
        let victim = try await Victim.start()
        _ = try await victim.erase()
        func imported(_ withVictim: Bool) async throws -> CordeeDirectory_ImportRosterResponse {
            let zip = try Victim.roster(withVictim: withVictim)
            return try await victim.scenario.lead.call(
                DirectoryMethods.importRoster, .with { ($0.boards, $0.roster) = (victim.scenario.boards, zip) })
        }
        for _ in 0..<2 {
            let response = try await imported(true)
            #expect(response.warnings.map(\.code) == ["ERASED_PERSON"] && response.people.created == 0)
        }
        #expect(try Victim.traces(in: victim.scenario.daemon.dataFolder) == [])
        #expect(try await imported(false).people.created == 0)
        let hired = try await imported(true)
        #expect(hired.warnings.isEmpty && hired.people.created == 1)
        let found = try await victim.officer.call(DirectoryMethods.listPeople, .with { $0.query = Victim.family })
        #expect(found.people.count == 1 && found.people[0].name != victim.name)
    }
}
