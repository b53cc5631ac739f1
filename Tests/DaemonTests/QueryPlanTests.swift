import FoundationEssentials
import Metrics
import TestKit
import Testing

@testable import Store

/// A statement that names its index (`-- index: workshops_registrations_by_turn`) says how fast it is meant to be.
@Suite("Statements")
struct QueryPlanTests {
    @Test("that name their index use it")
    func plans() async throws {
        // A daemon that has started once has made all tables.
        let daemon = try await DaemonProcess.serving()
        try await daemon.terminate()
        let store = try Store.open(StoreOptions(path: "\(daemon.dataFolder)/cordee.db"), metrics: MetricsRegistry())
        defer { store.close() }
        let reader = try store.makeReader()
        let statements = try Self.statements()
        #expect(statements.count >= 15)
        // All are kept to the end: the cache of the reader knows a statement by where its text lies.
        let plans = statements.map { SQL(composed: "EXPLAIN QUERY PLAN " + $0.sql) }
        for (statement, explain) in zip(statements, plans) {
            let plan = try reader.query(explain) { row in try row.get(3, String.self) }
            for index in statement.indexes {
                #expect(plan.contains { ($0 + " ").contains(" INDEX \(index) ") }, "\(statement.sql)\n\(plan)")
            }
        }
    }

    private struct Statement {
        var sql: String
        var indexes: [String]
    }

    /// All statements of the source tree that name an index, with literals in place of their parameters.
    private static func statements() throws -> [Statement] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ["plugins", "Sources/Daemon"].flatMap { folder in
            try files(below: root.appending(path: folder).path).flatMap { file in
                // What stands between two triple quotes is every second part.
                let parts = String(decoding: try Fixture.file(file), as: UTF8.self).split(
                    separator: "\"\"\"", omittingEmptySubsequences: false)
                return parts.enumerated().filter { $0.offset % 2 == 1 }.compactMap { statement(String($0.element)) }
            }
        }
    }

    private static func statement(_ text: String) -> Statement? {
        let indexes = text.split(separator: "\n").compactMap { line in
            line.split(separator: "-- index: ").dropFirst().first.map { $0.filter { !$0.isWhitespace } }
        }
        guard !indexes.isEmpty else { return nil }
        return Statement(sql: text.replacing(#/\?\d+/#) { _ in "'1'" }, indexes: indexes)
    }

    private static func files(below folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".swift") { return [path] }
            return name.contains(".") ? [] : try files(below: path)
        }
    }
}
