#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder of one test alone, removed with all that is in it at the end.
public final class TemporaryFolder: Sendable {
    public struct Failed: Error { public let code: Int32 }

    public let path: String

    public init() throws(Failed) {
        var template = Array("/tmp/cordee-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// Writes a file, and gives its path.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, to name: String) throws(Failed) -> String {
        let path = "\(path)/\(name)"
        guard let file = fopen(path, "w") else { throw Failed(code: errno) }
        defer { fclose(file) }
        let bytes = Array(bytes)
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failed(code: errno) }
        return path
    }

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
