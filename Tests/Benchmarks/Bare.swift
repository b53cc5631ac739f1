import CBare
import Glibc
import TestKit

/// SQLite alone, on the same disk and in the same run: `Bare/`.
enum Bare {
    /// Writes the newest rows of a daemon's tables again, and says how many bodies a second; a body is one row of each.
    static func replay(_ tables: [String], of database: String, bodies: Int, group: Int) throws -> Double {
        let folder = try TemporaryFolder()
        var result = bare_result()
        let names = tables.map { strdup($0) }
        defer { for name in names { free(name) } }
        let pointers = names.map { UnsafePointer($0) } + [nil]
        try check { failure, bytes in
            bare_replay(
                database, folder.file("bare.db"), pointers, UInt32(bodies), UInt32(group), &result, failure, bytes)
        }
        return Double(result.bodies) / result.seconds
    }

    /// Runs SQL on the database of a daemon that has stopped.
    static func execute(_ sql: String, on database: String) throws {
        try check { failure, bytes in bare_execute(database, sql, failure, bytes) }
    }

    private static func check(_ body: (UnsafeMutablePointer<CChar>, Int) -> Int32) throws {
        var failure = [CChar](repeating: 0, count: 200)
        let code = failure.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { body($0, buffer.count) } ?? -1
        }
        guard code == 0 else {
            let text = String(decoding: failure.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw BenchmarkError("bare SQLite: \(text)")
        }
    }
}
