#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Metrics
import Store
import TestSupport
import Testing

@Suite("The data folder")
struct DataLockTests {
    private func opening(_ path: String) -> Result<Void, StoreError> {
        Result { () throws(StoreError) in
            try Store.open(StoreOptions(path: path), metrics: MetricsRegistry()).close()
        }
    }

    @Test("a second opening is refused, naming the lock file, and harms nothing")
    func heldFolder() async throws {
        let test = try TestStore()
        #expect(opening(test.options.path).storeError == .locked(path: test.folder.path + "/lock"))
        try await test.add(1)
        #expect(try test.ids() == [1])
        test.store.close()
        #expect(opening(test.options.path).storeError == nil)
    }

    @Test("a read-only folder is refused, naming the file and the reason")
    func readOnlyFolder() throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o555)
        // Root may write anywhere but into the kernel's own folders, where a new file is ENOENT.
        let path = geteuid() == 0 ? "/proc/\(getpid())" : folder.path
        let errors = [EACCES, EROFS, EPERM, ENOENT].map { StoreError.folder(path: path + "/lock", code: $0) }
        let error = try #require(opening(path + "/cordee.db").storeError)
        #expect(errors.contains(error))
        #expect("\(StoreError.folder(path: "/x/lock", code: EACCES))" == "cannot use /x/lock: Permission denied")
    }

    @Test("a folder whose parent is missing is refused, naming it")
    func missingFolder() throws {
        let folder = try TemporaryFolder()
        #expect(
            opening(folder.path + "/a/b/cordee.db").storeError == .folder(path: folder.path + "/a/b", code: ENOENT))
    }

    @Test("a file that is no database is refused, naming it, and left as it is")
    func foreignFile() throws {
        let folder = try TemporaryFolder()
        let text = Array(String(repeating: "not a database, but somebody's work. ", count: 300).utf8)
        try folder.write(text, to: "cordee.db")
        #expect(opening(folder.path + "/cordee.db").storeError == .notADatabase(path: folder.path + "/cordee.db"))
        #expect(try folder.read("cordee.db") == text)
    }

    @Test("the database and the lock can be read by their owner alone")
    func modes() throws {
        let test = try TestStore()
        defer { test.store.close() }
        for name in ["cordee.db", "cordee.db-wal", "cordee.db-shm", "lock"] {
            var status = stat()
            #expect(stat(test.folder.path + "/" + name, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
    }
}
