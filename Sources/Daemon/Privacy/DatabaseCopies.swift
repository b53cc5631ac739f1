import Glibc

/// Copies of the database that the daemon leaves in its folder: from before an upgrade (`before-….db`), and what a
/// restore put aside (`replaced-…`). They hold what was erased since, so an erasure removes them. Backups elsewhere are
/// the operator's: what is restored from them is erased again.
struct DatabaseCopies: Sendable {
    let folder: String

    /// - Throws: `StartError.file` for one that cannot be removed.
    func remove() throws {
        for name in try Self.names(in: folder) where name.hasPrefix("before-") || name.hasPrefix("replaced-") {
            try Self.remove("\(folder)/\(name)")
        }
    }

    /// A file, or a folder with the files in it. A link is removed, not followed.
    private static func remove(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in try names(in: path) { try remove("\(path)/\(name)") }
            guard rmdir(path) == 0 else { throw StartError.file(path: path, reason: errnoText()) }
        } else {
            guard unlink(path) == 0 else { throw StartError.file(path: path, reason: errnoText()) }
        }
    }

    private static func names(in folder: String) throws -> [String] {
        guard let list = opendir(folder) else { throw StartError.file(path: folder, reason: errnoText()) }
        defer { closedir(list) }
        var names: [String] = []
        while let entry = readdir(list) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
