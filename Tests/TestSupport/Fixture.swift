import FoundationEssentials

/// The files in `Tests/Fixtures`.
public enum Fixture {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// Where a file or a folder is.
    public static func path(_ name: String) -> String { folder.appending(path: name).path }

    public static func bytes(_ name: String) throws -> [UInt8] { try file(path(name)) }

    /// A file that a test or a program under test has written.
    public static func file(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    public static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// A JSON file.
    ///
    /// - Parameter isSnakeCase: whether `two_words` is to be read as `twoWords`.
    public static func json<Value: Decodable>(
        _ name: String, as type: Value.Type = Value.self, isSnakeCase: Bool = false
    ) throws -> Value {
        let decoder = JSONDecoder()
        if isSnakeCase { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        return try decoder.decode(type, from: Data(bytes(name)))
    }

    /// The files of a folder with their bytes, by name.
    public static func files(in name: String) throws -> [(path: String, bytes: [UInt8])] {
        try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted().map {
            (path: $0, bytes: try bytes("\(name)/\($0)"))
        }
    }
}
