import OneRoster
import TestSupport
import Testing

/// The acceptance data in `Tests/Fixtures`.
enum RosterFixture {
    /// The files of a set, by name.
    static func files(_ set: String) throws -> [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: try Fixture.files(in: set).map { ($0.path, $0.bytes) })
    }

    static func json<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        try Fixture.json(name, as: type, isSnakeCase: true)
    }

    static func roster(_ set: String) throws -> Roster {
        let reading = RosterReader().read(files: try files(set))
        #expect(reading.problems.isEmpty)
        return try #require(reading.roster)
    }
}

/// `oneroster_expected.json`.
struct ExpectedCounts: Decodable {
    var orgs, boards, schools, staff, rolesRows, twoSchools, remoteSchools, distinctUsernames: Int
    var staffWhosePrimarySchoolIsRemote: Int
    var byRole, byRoleV11, byStaffRole, byBoard: [String: Int]
}

/// `people_index.json`.
struct IndexedPerson: Decodable {
    var id, given, family, username, email, board, role, staffRole: String
    var orgs: [String]
}

/// `oneroster_bad/expected.json`.
struct ExpectedErrors: Decodable {
    struct Row: Decodable, Sendable {
        var set, code, file: String
        var line: Int?
        var column: String?
    }
    var errors: [Row]
}

/// A small set of files that is right, to be turned wrong in one place.
struct SmallSet {
    var files: [String: [UInt8]]

    /// 1.2: a board and a school, two people with a role each; columns as the fixtures have them.
    init() throws {
        // The fixtures end their lines with CRLF, which Swift takes for one character; here LF is handier.
        files = try RosterFixture.files("oneroster_1.2").filter { $0.key != "academicSessions.csv" }
            .mapValues { $0.filter { $0 != 0x0D } }
        replace("manifest.csv", "file.academicSessions,bulk", "file.academicSessions,absent")
        keep("orgs.csv", ["sourcedId", "b-csrb", "s-01"])
        keep("users.csv", ["sourcedId", "p-0001", "p-0004"])
        keep("roles.csv", ["sourcedId", "r-p-0001-b-csrb", "r-p-0004-s-01"])
    }

    func text(_ file: String) -> String { String(decoding: files[file] ?? [], as: UTF8.self) }

    mutating func keep(_ file: String, _ ids: [String]) {
        let lines = text(file).split(separator: "\n").filter { line in ids.contains { line.hasPrefix($0 + ",") } }
        files[file] = Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Replaces the first place; it must be there, so that a test cannot pass because nothing was changed.
    mutating func replace(_ file: String, _ old: String, _ new: String) {
        guard let parts = Self.split(text(file), at: old) else {
            Issue.record("\(file) does not hold \(old)")
            return
        }
        files[file] = Array((parts.0 + new + parts.1).utf8)
    }

    mutating func append(_ file: String, _ line: String) { files[file, default: []] += Array((line + "\n").utf8) }

    private static func split(_ text: String, at part: String) -> (String, String)? {
        let (bytes, part) = (Array(text.utf8), Array(part.utf8))
        guard part.count <= bytes.count else { return nil }
        for start in 0...(bytes.count - part.count) where bytes[start..<start + part.count].elementsEqual(part) {
            return (
                String(decoding: bytes[..<start], as: UTF8.self),
                String(decoding: bytes[(start + part.count)...], as: UTF8.self)
            )
        }
        return nil
    }

    /// The problems as `CODE file:line column`.
    func problems() -> [String] {
        RosterReader().read(files: files).problems.map { problem in
            let place = problem.line.map { "\(problem.file):\($0)" } ?? problem.file
            return "\(problem.code.rawValue) \(place)" + (problem.column.map { " \($0)" } ?? "")
        }
    }
}
