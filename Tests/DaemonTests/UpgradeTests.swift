import CordeeAPI
import DirectoryAPI
import Glibc
import Metrics
import ModuleKit
import RPC
import Store
import TestKit
import Testing
import WorkshopsAPI

/// Tests/Fixtures/upgrade: a database that an earlier version of the daemon made.
@Suite("Upgrades")
struct UpgradeTests {
    private static let workshop = "boards/01m87kjmvn8jncdrqhdrqnmc4k/workshops/01m87kjn8426nnrcm62pd2v3em"
    private static let lead = "cordee_u3XbxA_sNArcQhSTBalaaEZbJatCBdb0-MhmRO5YppQ"
    private static let facilitator = "cordee_ZVjxy2cl8wNtUaIg8j5xTH1u_LiehzecCSq2IMpqxos"
    private static let dubald = "cordee_JnLaD5hvMohqEpr47kyvMpE96GV9kChb1YfF9Qz0FZ8"

    /// A folder with a copy of the old database as its data.
    private static func oldFolder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.makeFolder("data")
        try folder.write(try Fixture.bytes("upgrade/cordee.db"), to: "data/cordee.db")
        return folder
    }

    @Test("today's daemon serves a database of an earlier commit with all that is in it, and goes on from there")
    func served() async throws {
        let folder = try Self.oldFolder()
        let daemon = try await DaemonProcess.serving(in: folder)
        let lead = try await daemon.client(token: Self.lead)
        let people = try await lead.call(
            DirectoryMethods.listPeople,
            .with {
                $0.parent = "boards/-"
                $0.pageSize = 1_000
            })
        #expect(people.people.count == 120)
        // Search and sort keys too.
        let found = try await lead.call(DirectoryMethods.listPeople, .with { $0.query = "danae jonc" })
        #expect(found.people.map(\.familyName) == ["Joncas"])

        let facilitator = try await daemon.client(token: Self.facilitator)
        let workshop = try await facilitator.call(WorkshopsMethods.getWorkshop, .with { $0.name = Self.workshop })
        #expect(workshop.title == ["fr": "Robots en classe", "en": "Robots in class"])
        #expect((workshop.confirmedCount, workshop.waitlistedCount) == (2, 1))
        let registrations = try await facilitator.call(
            WorkshopsMethods.listRegistrations, .with { $0.parent = Self.workshop }
        ).registrations
        #expect(registrations.map(\.displayName) == ["Dominique Ubald", "Danaé Joncas", "Wilfrid Ouellet"])
        #expect(registrations.map(\.state) == [.confirmed, .confirmed, .waitlisted])

        let dubald = try await daemon.client(token: Self.dubald)
        let withdrawal = try await dubald.call(WorkshopsMethods.withdraw, .with { $0.name = registrations[0].name })
        #expect(withdrawal.promotedCount == 1)
        #expect(try await daemon.terminate() == 0)
        let again = try await DaemonProcess.serving(in: folder)
        let after = try await again.client(token: Self.facilitator).call(
            WorkshopsMethods.listRegistrations, .with { $0.parent = Self.workshop }
        ).registrations
        #expect(after.map(\.state) == [.confirmed, .confirmed])
    }

    @Test("the old database is copied before its schema is changed, if it is, once, unless a setting says no")
    func copied() async throws {
        let folder = try Self.oldFolder()
        for (settings, count) in [(["backup.before_migration_max": "0"], 0), ([:], 1), ([:], 1)]
            as [([String: String], Int)]
        {
            let folder = count == 0 ? try Self.oldFolder() : folder
            let daemon = try await DaemonProcess.serving(in: folder, settings: settings)
            #expect(try await daemon.terminate() == 0)
            let copies = names(in: daemon.dataFolder).filter { $0.hasPrefix("before-") }
            let isChanged = try await isSchemaChanged(daemon)
            #expect(copies.count == (isChanged ? count : 0))
            for name in copies {
                let copy = try CopyCheck(of: daemon.dataFolder + "/" + name, modules: []).run { db in
                    try db.value("SELECT count(*) FROM workshops_registrations", as: Int.self)
                }
                #expect(copy.value == 3)
            }
        }
    }

    /// Whether today's schema has more than the fixture's six migrations: so it is once one was added after it was made.
    private func isSchemaChanged(_ daemon: DaemonProcess) async throws -> Bool {
        let count = try CopyCheck(of: daemon.dataFolder + "/cordee.db", modules: []).run { db in
            try db.value("SELECT count(*) FROM store_migrations", as: Int.self)
        }.value
        return count != 6
    }

    private func names(in folder: String) -> [String] {
        guard let entries = opendir(folder) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    @Test("a module that is turned off is not served, its data stays, and it serves again once it is turned on")
    func disabled() async throws {
        let folder = try Self.oldFolder()
        let daemon = try await DaemonProcess.serving(in: folder, settings: ["modules.disabled": "workshops"])
        let client = try await daemon.client(token: Self.facilitator)
        let status = try await client.refusal(of: WorkshopsMethods.getWorkshop, .with { $0.name = Self.workshop })
        #expect((status.code, status.reason) == (.unimplemented, "UNKNOWN_SERVICE"))
        #expect(try await client.call(SystemMethods.getInfo, .init()).modules.map(\.name) == ["directory"])
        #expect(daemon.process.lines.contains { $0.contains("disabled=workshops") })
        #expect(try await daemon.terminate() == 0)
        let again = try await DaemonProcess.serving(in: folder)
        _ = try await again.client(token: Self.facilitator).call(
            WorkshopsMethods.getWorkshop, .with { $0.name = Self.workshop })
    }

    @Test(
        "what does not fit together stops the start with a message that names it",
        arguments: [
            (
                "modules.disabled", "directory",
                "the module workshops requires the module directory, which is turned off"
            ),
            ("modules.disabled", "portfolio", "there is no module portfolio"),
            ("modules.retired", "workshops", "the module workshops is part of this daemon"),
        ])
    func refused(key: String, value: String, text: String) async throws {
        let daemon = try DaemonProcess(in: try Self.oldFolder(), settings: [key: value])
        #expect(try await daemon.process.exitCode() == 78)
        #expect(daemon.process.lines.contains { $0.contains(text) }, "\(daemon.process.lines)")
    }

    @Test("tables of a module that is not there stop the start unless it is retired")
    func gone() async throws {
        let folder = try Self.oldFolder()
        // What a daemon with one module more would have left.
        let path = folder.path + "/data/cordee.db"
        let store = try Store.open(StoreOptions(path: path), metrics: MetricsRegistry())
        let gone = ModuleMigrations(
            module: "gone", migrations: [Migration("1", "CREATE TABLE gone_things (id INTEGER PRIMARY KEY) STRICT")])
        try store.migrate([gone], retired: ["system", "directory", "workshops"])
        store.close()
        let refused = try DaemonProcess(in: folder)
        #expect(try await refused.process.exitCode() == 78)
        #expect(refused.process.lines.contains { $0.contains("module gone, which is not compiled in; ") })
        let daemon = try await DaemonProcess.serving(in: folder, settings: ["modules.retired": "gone"])
        #expect(try await daemon.terminate() == 0)
    }
}
