import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Who saw what about me")
struct AccessRecordTests {
    private func accesses(
        of person: Scenario.Person, parent: String = "", as client: TestClient? = nil
    ) async throws -> [CordeeSystem_RecordedAccess] {
        try await (client ?? person.client).call(
            PrivacyMethods.listAccesses, .with { ($0.parent, $0.pageSize) = (parent, 1_000) }
        ).accesses
    }

    @Test("each method that shows others' data is on record for each person shown, once a call; one's own is not")
    func methods() async throws {
        let scenario = try await Scenario.start()
        let (reader, shown) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
        let workshop = try await scenario.workshop()
        let registration = try await shown.register(in: workshop.name)
        let before = try await accesses(of: shown).count

        _ = try await shown.client.call(DirectoryMethods.getPerson, .with { $0.name = shown.name })
        _ = try await shown.client.call(WorkshopsMethods.getRegistration, .with { $0.name = registration.name })
        _ = try await reader.client.call(WorkshopsMethods.getWorkshop, .with { $0.name = workshop.name })
        #expect(try await accesses(of: shown).count == before)

        _ = try await reader.client.call(DirectoryMethods.getPerson, .with { $0.name = shown.name })
        _ = try await reader.client.call(DirectoryMethods.getPerson, .with { $0.name = shown.name }, json: true)
        _ = try await reader.client.call(DirectoryMethods.listPeople, .with { $0.pageSize = 1_000 })
        let stream = try await reader.client.client.serverStream(
            DirectoryMethods.streamPeople, .with { $0.pageSize = 3 }, reader.client.options())
        var count = 0
        for try await _ in stream { count += 1 }
        #expect(count > 20)
        _ = try await scenario.facilitator.call(
            WorkshopsMethods.getRegistration, .with { $0.name = registration.name })
        _ = try await scenario.facilitator.call(
            WorkshopsMethods.listRegistrations, .with { $0.parent = workshop.name })

        let seen = try await accesses(of: shown)
        #expect(
            seen.prefix(seen.count - before).map { $0.method.split(separator: "/")[1] }
                == ["ListRegistrations", "GetRegistration", "StreamPeople", "ListPeople", "GetPerson", "GetPerson"])
        #expect(seen.allSatisfy { $0.person == shown.name && $0.hasAccessTime })
        #expect(Set(seen.prefix(2).map(\.reader)) == [scenario.facilitatorName])
        #expect(Set(seen.dropFirst(2).prefix(4).map(\.reader)) == [reader.name])
        #expect(!seen[2].readerDisplayName.isEmpty)
        // Who is on nobody's page but their own was seen by the lists alone.
        let third = try await scenario.person("p-0015")
        #expect(
            try await accesses(of: third).map { $0.method.split(separator: "/")[1] } == ["StreamPeople", "ListPeople"])
    }

    @Test("one's own list is for oneself and for the privacy officer, whose look is on record as any other")
    func officer() async throws {
        let victim = try await Victim.start()
        let request = CordeeSystem_ListAccessesRequest.with { $0.parent = victim.name }
        #expect(
            try await victim.scenario.facilitator.refusal(of: PrivacyMethods.listAccesses, request).code == .notFound)
        let own = try await victim.client.call(PrivacyMethods.listAccesses, .init()).accesses
        #expect(try await victim.officer.call(PrivacyMethods.listAccesses, request).accesses == own)
        _ = try await victim.scenario.lead.call(DirectoryMethods.getPerson, .with { $0.name = victim.name })
        _ = try await victim.officer.call(PrivacyMethods.listAccesses, request)
        let after = try await victim.client.call(PrivacyMethods.listAccesses, .init()).accesses
        #expect(after.first?.reader == victim.officerName)
        #expect(after.first?.method == "cordee.system.v1.Privacy/ListAccesses")
    }

    @Test("pages of any size give the whole list, each access once, the latest first")
    func pages() async throws {
        let scenario = try await Scenario.start()
        let (reader, shown) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
        for _ in 0..<23 {
            _ = try await reader.client.call(DirectoryMethods.getPerson, .with { $0.name = shown.name })
        }
        let whole = try await accesses(of: shown)
        #expect(whole.count >= 23)
        #expect(zip(whole, whole.dropFirst()).allSatisfy { $0.accessTime.seconds >= $1.accessTime.seconds })
        for size in [1, 5, 22, 23] {
            var (all, token): ([CordeeSystem_RecordedAccess], String) = ([], "")
            repeat {
                let page = try await shown.client.call(
                    PrivacyMethods.listAccesses, .with { ($0.pageSize, $0.pageToken) = (Int32(size), token) })
                #expect(page.accesses.count <= size)
                (all, token) = (all + page.accesses, page.nextPageToken)
            } while !token.isEmpty
            #expect(all == whole)
        }
        // A window takes its beginning, and not its end.
        let instant = whole[7].accessTime
        let from = try await shown.client.call(
            PrivacyMethods.listAccesses, .with { ($0.startTime, $0.pageSize) = (instant, 1_000) }
        ).accesses
        let before = try await shown.client.call(
            PrivacyMethods.listAccesses, .with { ($0.endTime, $0.pageSize) = (instant, 1_000) }
        ).accesses
        #expect(from + before == whole && from.contains(whole[7]) && !before.contains(whole[7]))
    }

    @Test("what cannot be recorded is not shown; other reads and one's own go on")
    func refused() async throws {
        let scenario = try await Scenario.start(settings: ["store.busy_timeout": "1ms"])
        let (reader, shown) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
        let workshop = try await scenario.workshop()
        // Another program holds the lock for writing, as a backup tool gone wrong would.
        let lock = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("BEGIN IMMEDIATE")
            print("locked", flush=True)
            sys.stdin.read()
            import time
            time.sleep(600)
            """
        let holder = try ChildProcess(
            "/usr/bin/python3", ["-c", lock, "\(scenario.daemon.dataFolder)/cordee.db"], readsOutput: true)
        _ = try await holder.line(with: "locked")
        let status = try await reader.client.refusal(of: DirectoryMethods.getPerson, .with { $0.name = shown.name })
        #expect((status.code, status.reason) == (.unavailable, "ACCESS_NOT_RECORDED"))
        _ = try await reader.client.call(DirectoryMethods.getPerson, .with { $0.name = reader.name })
        _ = try await reader.client.call(WorkshopsMethods.getWorkshop, .with { $0.name = workshop.name })
        holder.signal(9)
        _ = try await holder.exitCode()
        _ = try await reader.client.call(DirectoryMethods.getPerson, .with { $0.name = shown.name })
    }

    @Test("records that are too old go as new ones come")
    func retention() async throws {
        let scenario = try await Scenario.start(settings: ["privacy.accesses_keep": "1ms"])
        let (reader, shown) = (try await scenario.person("p-0013"), try await scenario.person("p-0014"))
        for _ in 0..<20 {
            _ = try await reader.client.call(DirectoryMethods.getPerson, .with { $0.name = shown.name })
        }
        #expect(try await accesses(of: shown).count <= 3)
    }
}
