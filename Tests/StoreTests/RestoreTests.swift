#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Metrics
import Store
import TestSupport
import Testing

/// A data folder that a killed process left, with its last writes in the `-wal` alone, and a copy of another state.
private struct RestoreScene {
    let folder: TemporaryFolder
    let copy: String
    var options: StoreOptions { StoreOptions(path: folder.path + "/cordee.db") }

    static let (old, new) = ([1, 2, 3], [1, 2, 3, 4, 5])

    init() async throws {
        folder = try TemporaryFolder()
        copy = folder.file("copy")
        let living = try TestStore()
        defer { living.store.close() }
        for id in 1...3 { try await living.add(id) }
        // As a killed process leaves them.
        for name in ["cordee.db", "cordee.db-wal", "cordee.db-shm"] {
            try folder.write(try living.folder.read(name), to: name)
        }
        for id in 4...5 { try await living.add(id) }
        _ = try await living.store.backup(to: copy, timeLimit: .seconds(600)) { _ in }
    }

    var check: CopyCheck { CopyCheck(of: copy, modules: [TestStore.table]) }

    func restore() throws -> String? { try Restore(copy, over: options, check: check).run(at: "2026-11-24T20:30:00Z") }

    /// What an opening finds: the ids, and the mark of a restore.
    func opened() throws -> (ids: [Int], mark: String?) {
        let test = try TestStore(in: folder)
        defer { test.store.close() }
        #expect(try test.store.makeReader().value("SELECT count(*) FROM pragma_integrity_check", as: Int.self) == 1)
        let mark = try test.store.makeReader().value(
            "SELECT value FROM store_facts WHERE name = 'restored'", as: String.self)
        return (try test.ids(), mark)
    }
}

@Suite("A restore")
struct RestoreTests {
    @Test("puts the copy in place, marked, and keeps the old files together")
    func restores() async throws {
        let scene = try await RestoreScene()
        let replaced = try #require(try scene.restore())
        #expect(replaced == scene.folder.path + "/replaced-20261124T203000Z")
        var status = stat()
        #expect(stat(scene.options.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let found = try scene.opened()
        #expect(found.ids == RestoreScene.new)
        #expect(found.mark == "2026-11-24T20:30:00Z")
        // The old ones are a database that opens, its last writes included.
        let old = try TestStore { $0.path = replaced + "/cordee.db" }
        defer { old.store.close() }
        #expect(try old.ids() == RestoreScene.old)
    }

    @Test("takes the database file of a store that was closed, too")
    func closedStore() async throws {
        let scene = try await RestoreScene()
        let closed = try TestStore()
        try await closed.add(7)
        closed.store.close()
        try scene.folder.write(try closed.folder.read("cordee.db"), to: "copy")
        _ = try scene.restore()
        let found = try scene.opened()
        #expect(found.ids == [7])
        #expect(found.mark == "2026-11-24T20:30:00Z")
        #expect(!scene.folder.contents.contains { $0.hasPrefix("restore") })
    }

    @Test("makes the folder of a machine that had none")
    func newFolder() async throws {
        let scene = try await RestoreScene()
        let options = StoreOptions(path: scene.folder.path + "/new/cordee.db")
        #expect(try Restore(scene.copy, over: options, check: scene.check).run(at: "2026-11-24T20:30:00Z") == nil)
        let test = try TestStore { $0.path = options.path }
        defer { test.store.close() }
        #expect(try test.ids() == RestoreScene.new)
    }

    @Test("is refused while a daemon runs, and changes nothing")
    func locked() async throws {
        let scene = try await RestoreScene()
        let test = try TestStore(in: scene.folder)
        defer { test.store.close() }
        #expect(throws: CopyError.store(.locked(path: scene.folder.path + "/lock"))) { try scene.restore() }
        #expect(try test.ids() == RestoreScene.old)
    }

    @Test("of a damaged copy is refused, and changes nothing", arguments: UInt64(0)..<8)
    func damaged(seed: UInt64) async throws {
        let scene = try await RestoreScene()
        var bytes = try scene.folder.read("copy")
        var random = Random(seed: seed)
        switch seed % 4 {
        case 0: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
        case 1: bytes.replaceSubrange(4_096..<8_192, with: random.bytes(4_096))
        case 2: bytes = random.bytes(bytes.count)
        default: bytes.replaceSubrange(100..<200, with: random.bytes(100))
        }
        try scene.folder.write(bytes, to: "copy")
        #expect(throws: CopyError.self) { try scene.restore() }
        #expect(try scene.folder.read("copy") == bytes)
        let found = try scene.opened()
        #expect(found.ids == RestoreScene.old)
        #expect(found.mark == nil)
        #expect(!scene.folder.contents.contains { $0.hasPrefix("restore") || $0.hasPrefix("replaced") })
    }

    @Test(
        "that is killed at any step leaves the old or the new, whole, after one opening or one that is killed too",
        arguments: CopyStep.allCases)
    func killed(step: CopyStep) async throws {
        for second in [nil] + CopyStep.allCases.filter({ $0.rawValue > CopyStep.folderSynced.rawValue }) {
            let scene = try await RestoreScene()
            let code = try CopyCrash.run("restore", scene.options.path, scene.copy, step)
            #expect(code == SIGKILL)
            if let second { _ = try CopyCrash.run("open", scene.options.path, scene.copy, second) }
            let found = try scene.opened()
            let isNew = step.rawValue >= CopyStep.named.rawValue
            #expect(
                found.ids == (isNew ? RestoreScene.new : RestoreScene.old),
                "\(step), then \(String(describing: second))")
            #expect(found.mark == (isNew ? "2026-11-24T20:30:00Z" : nil))
            #expect(!scene.folder.contents.contains { $0.hasPrefix("restore") })
            if isNew {
                let old = try TestStore { $0.path = scene.folder.path + "/replaced-20261124T203000Z/cordee.db" }
                defer { old.store.close() }
                #expect(try old.ids() == RestoreScene.old)
            }
        }
    }

    @Test("can be made again after one that was killed")
    func again() async throws {
        let scene = try await RestoreScene()
        _ = try CopyCrash.run("restore", scene.options.path, scene.copy, .databaseMoved)
        let again = try Restore(scene.copy, over: scene.options, check: scene.check).run(at: "2026-11-24T20:31:00Z")
        #expect(again == scene.folder.path + "/replaced-20261124T203100Z")
        #expect(scene.folder.contents.contains("replaced-20261124T203000Z"))
        #expect(try scene.opened().ids == RestoreScene.new)
    }
}

@Suite("The check of a copy")
struct CopyCheckTests {
    @Test("says what is wrong with a file that is none")
    func foreign() async throws {
        let scene = try await RestoreScene()
        let text = try scene.folder.write("not a database", to: "text")
        #expect(throws: CopyError.notOurs(path: text)) { try CopyCheck(of: text, modules: []).run { _ in } }
        let none = scene.folder.file("none")
        #expect(throws: CopyError.missing(path: none)) { try CopyCheck(of: none, modules: []).run { _ in } }
        // Taken from a running daemon by hand, with its WAL beside it.
        let taken = scene.options.path
        #expect(throws: CopyError.incomplete(path: taken + "-wal")) {
            try CopyCheck(of: taken, modules: [TestStore.table]).run { _ in }
        }
    }

    @Test("tells what a sound copy holds, and leaves it and its folder as they are")
    func sound() async throws {
        let scene = try await RestoreScene()
        let before = (try scene.folder.read("copy"), scene.folder.contents)
        let report = try scene.check.run { _ in }.report
        #expect(report.modules == ["test"])
        #expect(report.byteCount == Int64(before.0.count))
        #expect(try scene.folder.read("copy") == before.0)
        #expect(scene.folder.contents == before.1)
    }

    @Test("finds rows that refer to rows that are not there")
    func orphans() async throws {
        let module = ModuleMigrations(
            module: "m",
            migrations: [
                Migration(
                    "1",
                    """
                    CREATE TABLE m_a (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
                    CREATE TABLE m_b (a TEXT NOT NULL REFERENCES m_a) STRICT;
                    INSERT INTO m_a (id) VALUES ('a-key-to-find');
                    INSERT INTO m_b (a) VALUES ('a-key-to-find');
                    """)
            ])
        let test = try TestStore(migrations: [module])
        defer { test.store.close() }
        let path = test.folder.file("copy")
        _ = try await test.store.backup(to: path, timeLimit: .seconds(600)) { _ in }
        #expect(try CopyCheck(of: path, modules: [module]).run { _ in }.report.modules == ["m"])
        // The Store lets no such row in, so one is made in the bytes; the pages stay sound.
        var bytes = try test.folder.read("copy")
        let key = Array("a-key-to-find".utf8)
        let place = try #require(bytes.indices.last { bytes[$0...].starts(with: key) })
        bytes.replaceSubrange(place..<place + key.count, with: Array("another-value".utf8))
        try test.folder.write(bytes, to: "copy")
        let finding = "rows of m_b refer to rows that are not there"
        #expect(throws: CopyError.damaged(path: path, findings: [finding])) {
            try CopyCheck(of: path, modules: [module]).run { _ in }
        }
    }
}
