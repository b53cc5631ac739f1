import CordeeAPI
import DirectoryAPI
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Starting and stopping")
struct LifeCycleTests {
    @Test("what was acknowledged before SIGTERM is there after the next start, and the daemon ends with 0")
    func terminated() async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop(capacity: 1)
        let person = try await scenario.person("p-0013")
        let registration = try await person.register(in: workshop.name)
        #expect(try await scenario.daemon.terminate() == 0)
        #expect(access(scenario.daemon.socketPath, F_OK) != 0)
        #expect(scenario.daemon.process.lines.contains { $0.contains(" notice stopped") })

        let again = try await DaemonProcess.serving(in: scenario.daemon.folder)
        let client = try await again.client(token: person.client.token)
        let seen = try await client.call(WorkshopsMethods.getRegistration, .with { $0.name = registration.name })
        #expect(seen == registration)
        #expect(try await again.terminate() == 0)
    }

    @Test(
        "each registration that was acknowledged before SIGKILL is there after the next start, on a stale socket file")
    func killed() async throws {
        let scenario = try await Scenario.start(roster: Roster.zip(extraTeachers: 50))
        let workshop = try await scenario.workshop(capacity: 100)
        let people = try await inParallel(Roster.extraIDs(50)) { try await scenario.person($0) }
        let acked = try await withThrowingTaskGroup(of: CordeeWorkshops_Registration?.self) { group in
            for person in people {
                group.addTask {
                    do { return try await person.register(in: workshop.name) } catch is ClientError { return nil }
                }
            }
            var acked: [CordeeWorkshops_Registration] = []
            for try await registration in group {
                if let registration { acked.append(registration) }
                // In the midst of the others.
                if acked.count == 10 { scenario.daemon.process.signal(SIGKILL) }
            }
            return acked
        }
        #expect(try await scenario.daemon.process.exitCode() == 128 + SIGKILL)
        #expect(acked.count >= 10)
        #expect(access(scenario.daemon.socketPath, F_OK) == 0)

        let again = try await DaemonProcess.serving(in: scenario.daemon.folder)
        let client = try await again.client(token: scenario.facilitator.token)
        let seen = try await client.call(
            WorkshopsMethods.listRegistrations,
            .with {
                $0.parent = workshop.name
                $0.pageSize = 1_000
            }
        ).registrations
        let names = Set(seen.map(\.name))
        #expect(acked.filter { !names.contains($0.name) }.isEmpty)
        let counted = try await client.call(WorkshopsMethods.getWorkshop, .with { $0.name = workshop.name })
        #expect(Int(counted.confirmedCount) == seen.count)
    }

    @Test("a call that runs when the stop is asked for is answered, and what it wrote is kept")
    func graceful() async throws {
        let daemon = try await DaemonProcess.serving()
        let founded = try await Scenario.bootstrap(try await daemon.client())
        let lead = try await Scenario.exchange(founded.token, on: daemon)
        let roster = try Roster.zip(extraTeachers: 100)
        let request = CordeeDirectory_ImportRosterRequest.with {
            $0.boards = founded.boards
            $0.roster = roster
        }
        let peer = try await RawPeer(to: daemon.socketPath)
        // Frames of one connection are handled in order: once the second call is answered the first is under way.
        peer.send(
            Frames.request(
                1, "cordee.directory.v1.Directory/ImportRoster", payload: try request.serializedBytes(),
                metadata: [("authorization", "Bearer \(try #require(lead.token))")])
                + Frames.request(3, "cordee.system.v1.System/GetInfo"))
        #expect(try #require(await peer.next()).streamID == 3)
        daemon.process.signal(SIGTERM)
        let answer = try #require(await peer.next())
        #expect(try answer.code == .ok)
        let imported = try CordeeDirectory_ImportRosterResponse(serializedBytes: answer.payload)
        #expect(imported.people.created == 219)
        #expect(try await daemon.process.exitCode() == 0)

        let again = try await DaemonProcess.serving(in: daemon.folder)
        let people = try await again.client(token: lead.token).call(
            DirectoryMethods.listPeople,
            .with {
                $0.parent = founded.boards[0]
                $0.pageSize = 1_000
            })
        #expect(people.people.count == 140)
    }

    @Test("ten starts and stops in a row leave the data as it was")
    func restarts() async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop()
        try await scenario.daemon.terminate()
        for _ in 0..<10 {
            let again = try await DaemonProcess.serving(in: scenario.daemon.folder)
            let client = try await again.client(token: scenario.facilitator.token)
            #expect(try await client.call(WorkshopsMethods.getWorkshop, .with { $0.name = workshop.name }) == workshop)
            #expect(try await again.terminate() == 0)
        }
    }

    @Test("SIGHUP reads the log level anew and disturbs no call")
    func hangUp() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await daemon.client()
        daemon.process.signal(SIGHUP)
        _ = try await daemon.process.line(with: "configuration read anew")
        _ = try await client.call(SystemMethods.getInfo, .init())
    }

    @Test("tells its version and its modules in the order in which they start")
    func info() async throws {
        let daemon = try await DaemonProcess.serving()
        let info = try await daemon.client().call(SystemMethods.getInfo, .init())
        #expect(info.modules.map(\.name) == ["directory", "workshops"])
        #expect(info.modules.map(\.requires) == [[], ["directory"]])
        #expect(info.apiDigest.count == 64)
        #expect(!info.version.isEmpty)
    }
}
