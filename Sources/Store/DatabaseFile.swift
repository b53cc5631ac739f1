#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes the database file before SQLite does: readable by its owner only (`-wal` and `-shm` take the same mode), and
/// with its name on disk.
enum DatabaseFile {
    static func prepare(_ path: String, folder: String) throws(StoreError) {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file < 0 {
            if errno == EEXIST { return }
            throw .folder(path: path, code: errno)
        }
        close(file)
        let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .folder(path: folder, code: errno) }
        defer { close(directory) }
        if fsync(directory) != 0 { throw .folder(path: folder, code: errno) }
    }
}
