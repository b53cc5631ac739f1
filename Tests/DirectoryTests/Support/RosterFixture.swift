import Archive
import FoundationEssentials
import TestSupport
import Testing

/// The acceptance data in `Tests/Fixtures`.
enum RosterFixture {
    /// The files of a set, by name.
    static func files(_ set: String) throws -> [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: try Fixture.files(in: set).map { ($0.path, $0.bytes) })
    }

    /// A set, zipped, after a change of its files.
    static func zip(_ set: String, _ change: (inout [String: String]) -> Void = { _ in }) throws -> Data {
        var texts = try files(set).compactMapValues { String(validating: $0, as: UTF8.self) }
        let bytes = try files(set).filter { texts[$0.key] == nil }
        change(&texts)
        let all = texts.mapValues { Array($0.utf8) }.merging(bytes) { text, _ in text }
        return Data(try ZipWriter.pack(all.sorted { $0.key < $1.key }.map { (path: $0.key, bytes: $0.value) }))
    }

    static func json<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        try Fixture.json(name, as: type, isSnakeCase: true)
    }
}

extension [String: String] {
    /// Takes rows out of a file, those that fulfil a condition.
    mutating func removeRows(of file: String, where condition: (Substring) -> Bool) {
        let rows = self[file, default: ""].split(separator: "\r\n").flatMap { $0.split(separator: "\n") }
        self[file] = rows.enumerated().filter { $0.offset == 0 || !condition($0.element) }
            .map { $0.element + "\n" }.joined()
    }
}

/// `oneroster_expected.json`.
struct ExpectedCounts: Decodable {
    var orgs, boards, schools, staff, rolesRows, twoSchools, remoteSchools: Int
    var staffWhosePrimarySchoolIsRemote: Int
    var byRole, byRoleV11, byStaffRole, byBoard: [String: Int]
}

/// `people_index.json`.
struct IndexedPerson: Decodable {
    var id, given, family, username, email, board: String
}

/// `oneroster_bad/expected.json`.
struct ExpectedErrors: Decodable {
    struct Row: Decodable, Sendable, CustomTestStringConvertible {
        var `set`, code, file: String
        var line: Int?
        var column: String?

        var testDescription: String { self.set }
    }
    var errors: [Row]
}
