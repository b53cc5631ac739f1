import CCrypto
import Glibc

/// The folder of the database and of the daemon's secret key.
struct DataFolder: Sendable {
    let path: String

    var databasePath: String { "\(path)/cordee.db" }
    private var keyPath: String { "\(path)/secret.key" }

    /// Whether two paths lead to one folder; false if one of them leads to none.
    static func isSame(_ path: String, _ other: String) -> Bool {
        var (one, two) = (stat(), stat())
        guard stat(path, &one) == 0, stat(other, &two) == 0 else { return false }
        return one.st_dev == two.st_dev && one.st_ino == two.st_ino
    }

    /// Makes the folder, and those above it, if missing.
    ///
    /// - Throws: an error that names the path and the cause.
    func prepare() throws(StartError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
            if mkdir(made, 0o750) != 0, errno != EEXIST { throw .file(path: made, reason: errnoText()) }
        }
        guard access(path, W_OK | X_OK) == 0 else { throw .file(path: path, reason: errnoText()) }
    }

    /// 32 secret bytes that last as long as the folder: page tokens are authenticated with them.
    ///
    /// They are made at the first start, in a file that only the daemon's user may read. Called under the data lock.
    func secretKey() throws(StartError) -> [UInt8] {
        if let key = try readKey() { return key }
        var key = [UInt8](repeating: 0, count: 32)
        guard RAND_bytes(&key, 32) == 1 else { throw .file(path: keyPath, reason: "no random bytes") }
        let draft = keyPath + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file(path: draft, reason: errnoText()) }
        defer { close(file) }
        // Complete or absent, also after a loss of power: written, synced, then renamed.
        guard write(file, key, key.count) == key.count, fsync(file) == 0, rename(draft, keyPath) == 0 else {
            throw .file(path: keyPath, reason: errnoText())
        }
        return key
    }

    private func readKey() throws(StartError) -> [UInt8]? {
        let file = open(keyPath, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path: keyPath, reason: errnoText())
        }
        defer { close(file) }
        var key = [UInt8](repeating: 0, count: 33)
        guard read(file, &key, key.count) == 32 else { throw .file(path: keyPath, reason: "not 32 bytes") }
        return Array(key.prefix(32))
    }
}

/// What the C library says of the last error.
func errnoText(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
