#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Threading

/// The right to use a data folder: an exclusive `flock` on its file `lock`, given up by the kernel when a process dies.
///
/// The file's content tells the next owner whether the last one had stopped cleanly: it is empty only then.
public final class DataLock: Sendable {
    public let path: String
    /// The last owner of the folder was killed, or lost power, before it had closed the database.
    public let wasLeftUnclean: Bool
    private let file: Lock<Int32?>

    /// Takes the lock on `folder`, which is made (mode 0700) when only it is missing.
    ///
    /// - Throws: `StoreError.locked` when it is held, `StoreError.folder` when the folder cannot be used.
    public static func take(folder: String) throws(StoreError) -> DataLock {
        let path = folder == "/" ? "/lock" : folder + "/lock"
        let file = try openFile(path, in: folder)
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            throw code == EWOULDBLOCK ? .locked(path: path) : .folder(path: path, code: code)
        }
        let wasLeftUnclean = lseek(file, 0, SEEK_END) > 0
        do {
            try mark(file, path)
        } catch {
            close(file)
            throw error
        }
        return DataLock(path: path, wasLeftUnclean: wasLeftUnclean, file: file)
    }

    private init(path: String, wasLeftUnclean: Bool, file: Int32) {
        (self.path, self.wasLeftUnclean) = (path, wasLeftUnclean)
        self.file = Lock(file)
    }

    deinit { release(clean: false) }

    /// Gives the folder free. `clean`: the database was closed, nothing need be checked at the next start.
    public func release(clean: Bool) {
        let held = file.withLock { file in
            defer { file = nil }
            return file
        }
        guard let held else { return }
        if clean { ftruncate(held, 0) }
        // Not by closing alone: a process that is being started at this moment holds the same file until it has begun.
        flock(held, LOCK_UN)
        close(held)
    }

    private static func openFile(_ path: String, in folder: String) throws(StoreError) -> Int32 {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC
        var file = unsafe open(path, flags, 0o600)
        if file < 0 && errno == ENOENT {
            // A folder that is there and takes no file (one of the kernel's) is told by the file, below.
            guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .folder(path: folder, code: errno) }
            file = unsafe open(path, flags, 0o600)
        }
        guard file >= 0 else { throw .folder(path: path, code: errno) }
        return file
    }

    /// Puts the mark of a running owner on disk. It waits for the disk, so it is not part of the start: a power loss in
    /// the first moments leaves the file unchecked, nothing worse.
    func persistMark() {
        if let held = file.withLock({ $0 }) { fsync(held) }
    }

    /// Writes who holds the lock, for people; a killed process leaves it behind.
    private static func mark(_ file: Int32, _ path: String) throws(StoreError) {
        var text = "held by process \(getpid())\n"
        let isWritten = text.withUTF8 { text in
            unsafe ftruncate(file, 0) == 0 && pwrite(file, text.baseAddress, text.count, 0) == text.count
        }
        // A full disk is no reason not to start: reads go on. The mark is then missing, and so is the check.
        if !isWritten && errno != ENOSPC && errno != EDQUOT { throw .folder(path: path, code: errno) }
    }
}
