import Archive
import FoundationEssentials
import TestKit

/// Rosters as a board's office sends them: the CSV files of `Tests/Fixtures` in a zip.
enum Roster {
    /// A set, zipped, after a change of its files.
    static func zip(_ set: String, _ change: (inout [String: String]) -> Void = { _ in }) throws -> Data {
        let files = try Fixture.files(in: set).filter { $0.path.hasSuffix(".csv") }
        var texts: [String: String] = [:]
        for file in files { texts[file.path] = String(validating: file.bytes, as: UTF8.self) }
        change(&texts)
        // What is not UTF-8 goes as it is.
        let all = files.map { (path: $0.path, bytes: texts[$0.path].map { Array($0.utf8) } ?? $0.bytes) }
        return Data(try ZipWriter.pack(all))
    }

    /// The consortium with so many more teachers of the school s-01, which is not remote: x-001, x-002, …
    static func zip(extraTeachers count: Int) throws -> Data {
        try zip("oneroster_1.2") { files in
            for id in extraIDs(count) {
                files["users.csv"]? +=
                    "\(id),,,true,\(id),,Prénom,Nom,,,\(id)@csrb.example,,,,,,,,,,,s-01,,enseignement,fr\n"
                files["roles.csv"]? += "r-\(id),,,\(id),primary,teacher,2026-09-01,,s-01,\n"
            }
        }
    }

    /// The consortium without the people of these ids.
    static func zip(without ids: [String]) throws -> Data {
        try zip("oneroster_1.2") { files in
            for file in ["users.csv", "roles.csv"] {
                let rows = (files[file] ?? "").split(whereSeparator: \.isNewline)
                let kept = rows.filter { row in !ids.contains { row.contains($0) } }
                files[file] = kept.joined(separator: "\r\n") + "\r\n"
            }
        }
    }

    static func extraIDs(_ count: Int) -> [String] {
        (1...max(count, 1)).prefix(count).map { "x-" + String(1_000 + $0).dropFirst() }
    }
}

/// A person of `people_index.json`.
struct IndexedPerson: Decodable, Sendable {
    var id, given, family, username, email, board: String
    var orgs: [String]

    static func all() throws -> [IndexedPerson] { try Fixture.json("people_index.json") }
}
