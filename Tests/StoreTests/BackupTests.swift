#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Metrics
import Store
import TestSupport
import Testing
import Threading

@Suite("A backup")
struct BackupTests {
    @Test("is one state of the database, though writes go on while it is copied")
    func consistent() async throws {
        // Several steps of the copying, so that writes fall between two of them.
        let (atStep, written) = (Gate(), Gate())
        let test = try TestStore {
            $0.seams.copyStep = { step in
                guard step == .draftMade else { return }
                atStep.open()
                written.hold()
            }
        }
        defer { test.store.close() }
        try await test.fill(6_000)
        let store = test.store
        let path = test.folder.file("copy.db")
        let backup = Task {
            try await store.backup(to: path, timeLimit: .seconds(600)) { db in
                try db.value("SELECT n FROM t WHERE id = 0", as: Int.self)
            }
        }
        await atStep.opened()
        // Each write changes two rows that lie far apart: a copy of two states has them differ.
        let isCopied = Lock(false)
        let writer = Task {
            var count = 0
            while !isCopied.withLock({ $0 }) {
                try await store.write("both") { db in
                    try db.execute("UPDATE t SET n = n + 1 WHERE id IN (0, (SELECT max(id) FROM t))")
                }
                count += 1
            }
            return count
        }
        written.open()
        let copied = try await backup.value
        isCopied.withLock { $0 = true }
        let count = try await writer.value
        #expect(count > 0)
        let ends = try test.sound(path) { db in
            try db.query("SELECT n FROM t WHERE id IN (0, (SELECT max(id) FROM t))") { row in try row.get(0, Int.self) }
        }
        #expect(Set(ends).count == 1)
        #expect(copied.value == ends.first)
        #expect(copied.summary.byteCount == Int64(try test.folder.read("copy.db").count))
    }

    @Test("holds what was acked before it began, for its owner only, in one file")
    func complete() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        for id in 1...20 { try await test.add(id) }
        let folder = try TemporaryFolder()
        let path = folder.file("copy é?#%.db")
        _ = try await test.store.backup(to: path, timeLimit: .seconds(600)) { _ in }
        try await test.add(21)
        #expect(try test.sound(path) { db in try db.value("SELECT count(*) FROM t", as: Int.self) } == 21)
        #expect(folder.contents == ["copy é?#%.db"])
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(test.metric("backups") == 1)
    }

    @Test("is never written over a file, and names a folder that it cannot use")
    func refused() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let path = try test.folder.write("somebody's work", to: "work")
        await #expect(throws: CopyError.exists(path: path)) {
            try await test.store.backup(to: path, timeLimit: .seconds(600)) { _ in }
        }
        #expect(try test.folder.read("work") == Array("somebody's work".utf8))
        let missing = test.folder.file("none/copy.db")
        await #expect(throws: CopyError.store(.folder(path: missing + ".new", code: ENOENT))) {
            try await test.store.backup(to: missing, timeLimit: .seconds(600)) { _ in }
        }
        #expect(test.metric("backup_failures") == 2)
    }

    @Test("that fails, is cancelled or takes too long leaves nothing")
    func absent() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        try await test.fill(2_000)
        let before = test.folder.contents
        let path = test.folder.file("copy.db")
        await #expect(throws: CopyError.store(.timeLimit)) {
            try await test.store.backup(to: path, timeLimit: .zero) { _ in }
        }
        await #expect(throws: CopyError.self) {
            try await test.store.backup(to: path, timeLimit: .seconds(600)) { _ in throw Refusal() }
        }
        #expect(test.folder.contents == before)
        // The thread serves on.
        _ = try await test.store.backup(to: path, timeLimit: .seconds(600)) { _ in }
    }

    @Test("is cut by the close of the store, and leaves nothing")
    func closed() async throws {
        let (atStep, goOn) = (Gate(), Gate())
        let test = try TestStore {
            $0.seams.copyStep = { step in
                guard step == .draftMade else { return }
                atStep.open()
                goOn.hold()
            }
        }
        let store = test.store
        let path = test.folder.file("copy.db")
        let backup = Task { try await store.backup(to: path, timeLimit: .seconds(600)) { _ in } }
        await atStep.opened()
        // `close` waits for the report's thread, which waits here: it is told to go on once closing has begun.
        // On a thread of its own: the tests' pool may have none to spare for who blocks.
        let closing = try Thread.start(name: "closing") { store.close() }
        while Result(catching: { try store.makeReader() }).isSuccess,
            (try? await store.report(timeLimit: .seconds(1)) { _ in }) != nil
        {}
        goOn.open()
        await #expect(throws: CopyError.store(.closed)) { try await backup.value }
        closing.join()
        #expect(!test.folder.contents.contains { $0.hasPrefix("copy.db") })
    }

    @Test(
        "that is killed leaves no file or a whole one, and its leavings are removed by the next",
        arguments: [CopyStep.draftRemoved, .draftMade, .draftFilled, .draftSynced, .named, .folderSynced])
    func killed(step: CopyStep) async throws {
        let folder = try TemporaryFolder()
        let first = try TestStore(in: folder)
        try await first.add(1)
        first.store.close()
        let path = folder.file("copy.db")
        #expect(try CopyCrash.run("backup", first.options.path, path, step) == SIGKILL)
        let isNamed = step.rawValue >= CopyStep.named.rawValue
        #expect(folder.contents.contains("copy.db") == isNamed)
        let test = try TestStore(in: folder)
        defer { test.store.close() }
        if isNamed {
            #expect(try test.sound(path) { db in try db.value("SELECT max(id) FROM t", as: Int.self) } == 1)
        } else {
            _ = try await test.store.backup(to: path, timeLimit: .seconds(600)) { _ in }
        }
        #expect(!folder.contents.contains { $0.hasPrefix("copy.db.") })
    }
}

extension TestStore {
    /// Rows of 4 KiB each.
    func fill(_ count: Int) async throws {
        try await store.write("fill") { db in
            try db.execute(
                """
                WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?1)
                INSERT INTO t (id, n, bytes) SELECT id, 0, randomblob(4000) FROM ids
                """, count)
        }
    }

    /// Reads a copy that is found sound.
    func sound<Value>(_ path: String, _ read: (Reader) throws -> Value) throws -> Value {
        try CopyCheck(of: path, modules: [Self.table]).run(read).value
    }
}
