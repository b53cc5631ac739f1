import Glibc

/// The folder of the database and of the daemon's secret key.
struct DataFolder: Sendable {
    let path: String

    var databasePath: String { "\(path)/cordee.db" }

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
    var secretKey: SecretFile { SecretFile(path: "\(path)/secret.key") }

    /// Who was erased: see `ErasureLedger`.
    var ledgerPath: String { "\(path)/erasures" }

    /// The key of the log of events.
    ///
    /// - Parameter elsewhere: where the operator keeps it; empty: in the folder.
    func auditKey(elsewhere: String) -> SecretFile {
        SecretFile(path: elsewhere.isEmpty ? "\(path)/audit.key" : elsewhere)
    }

    /// The folder that a file lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Puts the name of a file on disk: false, and `errno`, if that fails.
    static func syncParent(of path: String) -> Bool {
        let folder = open(parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }
}

/// What the C library says of the last error.
func errnoText(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
