import Glibc

/// A file with 32 secret bytes that only the daemon's user may read. Used under the data lock.
struct SecretFile: Sendable {
    static let byteCount = 32

    let path: String
    private var draftPath: String { path + ".new" }

    /// The bytes; made at the first start.
    func readOrMake() throws(StartError) -> [UInt8] {
        if let bytes = try read() { return bytes }
        let bytes = try draft()
        try adopt()
        return bytes
    }

    /// The bytes; nil when there is no such file.
    func read() throws(StartError) -> [UInt8]? { try Self.read(path) }

    /// Fresh bytes in a draft beside the file, or those of a draft that an earlier start left.
    func draft() throws(StartError) -> [UInt8] {
        // A draft that lost power while it was written is shorter: it was never used.
        if let bytes = try? Self.read(draftPath) { return bytes }
        let bytes = randomBytes(Self.byteCount)
        let file = open(draftPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file(path: draftPath, reason: errnoText()) }
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw .file(path: draftPath, reason: errnoText())
        }
        return bytes
    }

    /// The draft becomes the file: complete or absent, also after a loss of power.
    func adopt() throws(StartError) {
        guard rename(draftPath, path) == 0 else { throw .file(path: path, reason: errnoText()) }
        guard DataFolder.syncParent(of: path) else { throw .file(path: path, reason: errnoText()) }
    }

    private static func read(_ path: String) throws(StartError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path: path, reason: errnoText())
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: byteCount + 1)
        guard Glibc.read(file, &bytes, bytes.count) == byteCount else {
            throw .file(path: path, reason: "not \(byteCount) bytes")
        }
        return Array(bytes.prefix(byteCount))
    }
}
