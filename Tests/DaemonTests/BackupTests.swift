import CordeeAPI
import DirectoryAPI
import Glibc
import ModuleKit
import RPC
import Store
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// The programs of this build as processes that come to their end.
private enum Program {
    /// - Returns: the exit code and all that was said.
    static func run(_ name: String, _ arguments: [String]) async throws -> (code: Int32, text: String) {
        let process = try ChildProcess(DaemonProcess.path(of: name), arguments, readsOutput: true)
        let code = try await process.exitCode()
        return (code, process.lines.joined(separator: "\n"))
    }
}

@Suite("Backup and restore")
struct BackupTests {
    private func create(_ client: TestClient, _ path: String) async throws -> CordeeSystem_Backup {
        try await client.call(BackupsMethods.createBackup, .with { $0.path = path })
    }

    @Test("a backup made while people register holds what was acknowledged before it, and is sound")
    func whileWriting() async throws {
        let scenario = try await Scenario.start(roster: Roster.zip(extraTeachers: 40))
        let workshop = try await scenario.workshop(capacity: 100)
        let people = try await inParallel(Roster.extraIDs(40)) { try await scenario.person($0) }
        let before = try await inParallel(Array(people.prefix(10))) { try await $0.register(in: workshop.name) }
        let path = scenario.daemon.folder.file("copy.db")
        async let backup = create(scenario.operator, path)
        let after = try await inParallel(Array(people.dropFirst(10))) { try await $0.register(in: workshop.name) }
        let made = try await backup
        #expect(made.path == path)
        #expect(made.anchor.hasPrefix("cordee-anchor log="))
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(made.sizeBytes == Int64(status.st_size))

        let verified = try await Program.run("cordeed", ["backup", "verify", path, "--lang", "en"])
        #expect(verified.code == 0)
        #expect(verified.text.contains("modules: directory, system, workshops\n\(made.anchor)"))
        let counts = try CopyCheck(of: path, modules: []).run { db in
            (
                names: try db.query("SELECT id FROM workshops_registrations") { try $0.get(0, String.self) },
                events: try db.value(
                    "SELECT count(*) FROM system_events WHERE type = 'workshops.registration.confirmed.v1'",
                    as: Int.self)
            )
        }.value
        // One state: each registration is there with its event.
        #expect(counts.names.count == counts.events)
        let names = Set(counts.names)
        #expect(before.allSatisfy { names.contains(String($0.name.split(separator: "/").last ?? "")) })
        #expect(try await scenario.registrations(of: workshop.name).count == before.count + after.count)
    }

    @Test(
        "restored into the folder of a stopped daemon it is the data as of the backup, and only then",
        arguments: ["fr", "en"])
    func restore(language: String) async throws {
        let scenario = try await Scenario.start()
        let workshop = try await scenario.workshop()
        let early = try await scenario.person("p-0013").register(in: workshop.name)
        let path = scenario.daemon.folder.file("copy.db")
        let made = try await create(scenario.operator, path)
        let anchor = try scenario.daemon.folder.write(made.anchor + "\n", to: "anchor")
        let audit = ["audit", "verify", "--data", scenario.daemon.dataFolder]
        #expect(try await Program.run("cordeed", audit + ["--database", path, "--anchor", anchor]).code == 0)
        let late = try await scenario.person("p-0014").register(in: workshop.name)
        let arguments = ["backup", "restore", path, "--data", scenario.daemon.dataFolder, "--lang", language]
        let refused = try await Program.run("cordee", arguments)
        #expect(refused.code == 73)
        #expect(refused.text.contains(language == "fr" ? "un démon se sert du dossier" : "a daemon uses the folder"))
        #expect(try await scenario.registrations(of: workshop.name).count == 2)

        try await scenario.daemon.terminate()
        let restored = try await Program.run("cordee", arguments)
        #expect(restored.code == 0)
        #expect(restored.text.contains(language == "fr" ? "est restauré" : "is restored"))
        let again = try await DaemonProcess.serving(in: scenario.daemon.folder)
        let client = try await again.client(token: scenario.facilitator.token)
        #expect(try await client.call(WorkshopsMethods.getRegistration, .with { $0.name = early.name }) == early)
        let lost = try await client.refusal(of: WorkshopsMethods.getRegistration, .with { $0.name = late.name })
        #expect(lost.code == .notFound)
        #expect(try await Program.run("cordeed", audit).code == 0)
        // And it goes on from there.
        _ = try await client.call(WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft() })
    }

    @Test("a daemon that is killed while it writes a backup leaves no file, or a whole one")
    func killed() async throws {
        let scenario = try await Scenario.start()
        let folder = scenario.daemon.folder
        try await scenario.daemon.terminate()
        for round in 0..<5 {
            let daemon = try await DaemonProcess.serving(in: folder)
            let path = daemon.folder.file("copy\(round).db")
            let client = try await daemon.client()
            let backup = Task { try await create(client, path) }
            _ = try await Patience.until("a draft or a backup") {
                access(path + ".new", F_OK) == 0 || access(path, F_OK) == 0 ? true : nil
            }
            try await daemon.kill()
            _ = await backup.result
            guard access(path, F_OK) == 0 else { continue }
            #expect(try await Program.run("cordee", ["backup", "verify", path]).code == 0)
        }
    }

    @Test("a path that is taken, relative, in the data folder or cannot be written is refused, each with its reason")
    func refused() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await daemon.client()
        let taken = try daemon.folder.write("somebody's", to: "taken.db")
        for (path, reason) in [
            (taken, "BACKUP_EXISTS"), ("copy.db", "BAD_REQUEST"), ("", "BAD_REQUEST"), ("/tmp/", "BAD_REQUEST"),
            (daemon.dataFolder + "/copy.db", "BACKUP_FOLDER"),
            (daemon.dataFolder + "/../data/cordee.db-wal", "BACKUP_FOLDER"),
            (daemon.folder.file("none/copy.db"), "BACKUP_FOLDER"), ("/proc/copy.db", "BACKUP_FOLDER"),
        ] {
            let status = try await client.refusal(of: BackupsMethods.createBackup, .with { $0.path = path })
            #expect(status.reason == reason, "\(path)")
        }
        #expect(try daemon.folder.read("taken.db") == Array("somebody's".utf8))
        #expect(daemon.folder.contents == ["cordee.sock", "data", "taken.db"])
        // None of them stands in the way of the next.
        _ = try await create(client, daemon.folder.file("copy.db"))
    }

    @Test("cordee makes one by a relative path, finds what is wrong with others, and says it in both languages")
    func commands() async throws {
        let daemon = try await DaemonProcess.serving()
        let folder = daemon.folder
        let made = try await Program.run(
            "cordee", ["backup", "create", folder.file("copy.db"), "--socket", daemon.socketPath, "--json"])
        #expect(made.code == 0)
        #expect(made.text.contains("\"path\":\"\(folder.file("copy.db"))\""))
        let verified = try await Program.run("cordee", ["backup", "verify", folder.file("copy.db"), "--lang", "fr"])
        #expect(verified.code == 0)
        #expect(verified.text.contains("copie saine"))
        let twice = try await Program.run(
            "cordee", ["backup", "create", folder.file("copy.db"), "--socket", daemon.socketPath])
        #expect(twice.code == 73)
        var bytes = try folder.read("copy.db")
        bytes.replaceSubrange(8_192..<12_288, with: [UInt8](repeating: 0x5a, count: 4_096))
        try folder.write(bytes, to: "bad.db")
        try folder.write("no database", to: "text.db")
        for (name, code, fr, en) in [
            ("bad.db", 65, "est endommagé", "is damaged"),
            ("text.db", 65, "n'est pas une base de données", "is no database of Cordée"),
            ("none.db", 66, "il n'y a pas de fichier", "there is no file"),
        ] as [(String, Int32, String, String)] {
            for (language, text) in [("fr", fr), ("en", en)] {
                let result = try await Program.run(
                    "cordee", ["backup", "verify", folder.file(name), "--lang", language])
                #expect(result.code == code)
                #expect(result.text.contains(text), "\(result.text)")
            }
        }
    }

    @Test("rotate adds one that is sound and deletes what need not be kept, and nothing else")
    func rotate() async throws {
        let daemon = try await DaemonProcess.serving()
        let folder = try TemporaryFolder()
        let old = (1...9).map { "cordee-2020010\($0)T020000Z.db" }
        for name in old + ["notes.txt", "cordee-x.db", "cordee-20200101T020000Z.db.new"] {
            try folder.write("old", to: name)
        }
        let rotated = try await Program.run(
            "cordee",
            [
                "backup", "rotate", folder.path + "/", "--keep-daily", "3", "--keep-weekly=2", "--socket",
                daemon.socketPath, "--lang", "en",
            ])
        #expect(rotated.code == 0)
        let left = folder.contents
        let new = try #require(left.first { $0.hasPrefix("cordee-20") && !$0.hasPrefix("cordee-2020") })
        // Three days; of two weeks the last is among them, since 2020-01-05 was a Sunday and the new one is a week of its own.
        #expect(left == ["cordee-20200108T020000Z.db", "cordee-20200109T020000Z.db", new, "cordee-x.db", "notes.txt"])
        #expect(rotated.text.contains("Deleted: cordee-20200107T020000Z.db"))
        #expect(try await Program.run("cordee", ["backup", "verify", folder.file(new)]).code == 0)
    }
}
