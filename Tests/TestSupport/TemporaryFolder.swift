#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder of one test alone, removed with all that is in it at the end.
public final class TemporaryFolder: Sendable {
    /// A call of the system failed.
    public struct Failed: Error { public let code: Int32 }

    public let path: String

    public init() throws(Failed) {
        var template = Array("/tmp/cordee-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // A test may have closed the folder to itself.
        chmod(path, 0o700)
        Self.remove(path)
    }

    /// The path of a file in it, there or not.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of what is in it, sorted.
    public var contents: [String] { Self.contents(of: path).sorted() }

    /// Reads a file.
    public func read(_ name: String) throws(Failed) -> [UInt8] {
        guard let file = fopen(file(name), "re") else { throw Failed(code: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        guard ferror(file) == 0 else { throw Failed(code: errno) }
        return bytes
    }

    /// Writes a file, and gives its path.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, to name: String) throws(Failed) -> String {
        let path = file(name)
        guard let file = fopen(path, "we") else { throw Failed(code: errno) }
        let bytes = Array(bytes)
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count else { throw Failed(code: errno) }
        return path
    }

    /// Writes a text, and gives the path of its file.
    @discardableResult
    public func write(_ text: String, to name: String) throws(Failed) -> String { try write(text.utf8, to: name) }

    /// Makes a folder in it, and gives its path.
    @discardableResult
    public func makeFolder(_ name: String) throws(Failed) -> String {
        guard mkdir(file(name), 0o700) == 0 else { throw Failed(code: errno) }
        return file(name)
    }

    /// Links are removed, not followed.
    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        for name in contents(of: path) { remove(path + "/" + name) }
        rmdir(path)
    }

    private static func contents(of path: String) -> [String] {
        guard let entries = opendir(path) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
