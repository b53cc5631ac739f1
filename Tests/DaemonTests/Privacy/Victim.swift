import Calendar
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// A board with one person whose names are like nobody's, who did and was done all that leaves traces, and a privacy
/// officer.
struct Victim {
    static let sourceID = "q-0777"
    static let (given, family, user) = ("Quïrinus", "Zwölfbrockhoff", "qzwoelf")
    static let email = "quirinus.zwoelfbrockhoff@csrb.example"
    /// Words that an erasure must leave in no file, as they are written and as the search index folds them.
    static let words = [
        given, family, user, email, sourceID, "quirinus", "zwolfbrockhoff", "spasskanone", "LabelOfQuirinus",
    ]

    let scenario: Scenario
    let name: String
    let client: TestClient
    let officer: TestClient
    let officerName: String
    let workshop: CordeeWorkshops_Workshop

    static func start(settings: [String: String] = [:], seats: Int32 = 1, clockStart: Timestamp? = nil) async throws
        -> Victim
    {
        let scenario = try await Scenario.start(roster: try roster(), settings: settings, clockStart: clockStart)
        let made = try await scenario.lead.call(
            IdentityMethods.createToken,
            .with {
                $0.email = email
                $0.label = "LabelOfQuirinus"
            })
        let client = try await scenario.daemon.client(token: made.token)
        let officer = try await scenario.person("p-0020")
        for (person, role, reason) in [
            (officer.name, CordeeAPI_Role.privacyOfficer, ""), (made.person, .facilitator, "spasskanone"),
        ] {
            _ = try await scenario.lead.call(
                DirectoryMethods.grantRole,
                .with {
                    ($0.scope, $0.person, $0.role, $0.reason) = (scenario.board, person, role, reason)
                })
        }
        let workshop = try await scenario.workshop(capacity: seats)
        return Victim(
            scenario: scenario, name: made.person, client: client, officer: officer.client,
            officerName: officer.name, workshop: workshop)
    }

    /// The consortium with the person, or without them again.
    static func roster(withVictim: Bool = true, sourceID: String = sourceID) throws -> Data {
        try Roster.zip("oneroster_1.2") { files in
            guard withVictim else { return }
            files["users.csv"]? +=
                "\(sourceID),,,true,\(user),,\(given),\(family),,,\(email),,,,,,,,,,,s-01,,enseignement,fr\n"
            files["roles.csv"]? += "r-\(sourceID),,,\(sourceID),primary,teacher,2026-09-01,,s-01,\n"
        }
    }

    /// Leaves traces: a place, kept answers, a search that finds the person, an answer that shows them.
    func leaveTraces() async throws {
        _ = try await client.call(
            WorkshopsMethods.register, .with { $0.workshop = workshop.name },
            metadata: [("idempotency-key", "0190c0de-0000-7000-8000-000000000001")])
        let framework = try await client.call(FrameworksMethods.listFrameworks, .init()).frameworks[0].name
        let competency = try await client.call(
            FrameworksMethods.listCompetencies, .with { $0.parent = framework }
        ).competencies[0].name
        _ = try await client.call(
            GrowthMethods.openNeed,
            .with { ($0.competency, $0.targetLevel, $0.why) = (competency, 3, "spasskanone") },
            metadata: [("idempotency-key", "0190c0de-0000-7000-8000-000000000002")])
        _ = try await client.call(
            GrowthMethods.setSelfLevel,
            .with { ($0.competency, $0.level, $0.evidence) = (competency, 1, ["spasskanone"]) })
        let found = try await scenario.lead.call(DirectoryMethods.listPeople, .with { $0.query = Self.family })
        #expect(found.people.map(\.email) == [Self.email])
        _ = try await scenario.lead.call(DirectoryMethods.getPerson, .with { $0.name = name })
    }

    func erase() async throws -> CordeeSystem_Erasure {
        try await officer.call(PrivacyMethods.erasePerson, .with { $0.person = name })
    }

    /// Each of the words that stands as bytes in a file of a folder, with the file.
    static func traces(in folder: String) throws -> [String] {
        var found: [String] = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init) else {
                continue
            }
            for word in words.map({ Array($0.utf8) }) where holds(bytes, word) {
                found.append("\(name): \(String(decoding: word, as: UTF8.self))")
            }
        }
        return found
    }

    private static func holds(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
        var place = 0
        while let hit = bytes[place...].firstIndex(of: word[0]) {
            if bytes[hit...].starts(with: word) { return true }
            place = hit + 1
        }
        return false
    }
}
