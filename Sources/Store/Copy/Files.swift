#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The few calls on files that copies are made of; each names its path when it fails.
enum Files {
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The folder that `path` lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes an empty file that only its owner may read.
    static func make(_ path: String) throws(StoreError) {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .folder(path: path, code: errno) }
        close(file)
    }

    /// Removes a file; one that is not there is as good.
    static func remove(_ path: String) throws(StoreError) {
        if unsafe unlink(path) != 0 && errno != ENOENT { throw .folder(path: path, code: errno) }
    }

    static func move(_ path: String, to other: String) throws(StoreError) {
        if unsafe rename(path, other) != 0 { throw .folder(path: other, code: errno) }
    }

    /// What was written to a file, or which names a folder holds, is on disk when this returns.
    static func sync(_ path: String) throws(StoreError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .folder(path: path, code: errno) }
        defer { close(file) }
        if fsync(file) != 0 { throw .folder(path: path, code: errno) }
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws(StoreError) -> [String] {
        guard let entries = unsafe opendir(folder) else { throw .folder(path: folder, code: errno) }
        defer { unsafe closedir(entries) }
        var names: [String] = []
        while let entry = unsafe readdir(entries) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Copies the bytes of a file into a new one that only its owner may read.
    static func copy(_ path: String, to other: String) throws(StoreError) {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .folder(path: path, code: errno) }
        defer { close(source) }
        let target = unsafe open(other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw .folder(path: other, code: errno) }
        defer { close(target) }
        var part = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe read(source, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .folder(path: path, code: errno) }
            if count == 0 { return }
            var written = 0
            while written < count {
                let more = unsafe part.withUnsafeBytes { bytes in
                    unsafe write(target, bytes.baseAddress?.advanced(by: written), count - written)
                }
                if more < 0 && errno == EINTR { continue }
                guard more > 0 else { throw errno == ENOSPC ? .full : .folder(path: other, code: errno) }
                written += more
            }
        }
    }

    /// The size of a file in bytes; nil when it is not there.
    static func byteCount(_ path: String) -> Int64? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// Gives a file to the owner of `folder`, when root has made it there: the daemon must be able to use it.
    static func giveToOwner(of folder: String, _ path: String) throws(StoreError) {
        guard geteuid() == 0 else { return }
        var status = stat()
        guard unsafe stat(folder, &status) == 0, unsafe chown(path, status.st_uid, status.st_gid) == 0 else {
            throw .folder(path: path, code: errno)
        }
    }
}
