#if canImport(Glibc)
    import Glibc
#endif

/// A folder of one test alone.
struct TemporaryFolder: Sendable {
    struct Failed: Error { let code: Int32 }

    let path: String

    init() throws(Failed) {
        var template = Array("/tmp/cordee-cli-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file, and gives its path.
    func write(_ text: String, to name: String) throws(Failed) -> String {
        let path = "\(path)/\(name)"
        guard let file = fopen(path, "w") else { throw Failed(code: errno) }
        fputs(text, file)
        fclose(file)
        return path
    }

    /// Makes a folder in it, and gives its path.
    func makeFolder(_ name: String) throws(Failed) -> String {
        let path = "\(path)/\(name)"
        guard mkdir(path, 0o700) == 0 else { throw Failed(code: errno) }
        return path
    }

    func remove() { Self.remove(path) }

    /// Links are removed, not followed.
    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        if let entries = opendir(path) {
            while let entry = readdir(entries) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(entries)
        }
        rmdir(path)
    }
}
