import FoundationEssentials

/// The files in `Tests/Fixtures`.
public enum Fixture {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    public static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// A file that a test or a program under test has written.
    public static func file(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    public static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// A JSON file.
    public static func json<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes(name)))
    }

    /// The files of a folder with their bytes, by name.
    public static func files(in name: String) throws -> [(path: String, bytes: [UInt8])] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path).sorted().map {
            (path: $0, bytes: try bytes("\(name)/\($0)"))
        }
    }
}
