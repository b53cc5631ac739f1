import DirectoryModule
import ModuleKit
import RPC
import Store
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsModule

@Suite("What is not there and what is not yours take the same way")
struct SameStatementsTests {
    @Test("a look-up runs the same statements whether there is such a thing or not, for each kind")
    func counted() async throws {
        let scene = try await AccessScene()
        let board = scene.scenario.board
        let names = [
            "\(board)/orgs/\(board.split(separator: "/")[1])", scene.participant.name, scene.value("grant"),
            scene.workshop,
            scene.value("registration"), scene.value("framework"), scene.value("competency"), scene.value("level"),
            scene.value("share"), scene.value("need"),
            scene.value("expertise"), scene.value("job"),
        ]
        let kinds = DirectoryModule().resources + WorkshopsModule().resources
        let reader = try Store.reading("\(scene.scenario.daemon.dataFolder)/cordee.db")
        var seen = 0
        for kind in kinds {
            for name in names {
                guard let statements = try Self.statements(of: kind, name, in: reader) else { continue }
                #expect(statements.there == statements.absent, "\(kind)")
                #expect(!statements.there.isEmpty)
                seen += 1
            }
        }
        #expect(seen == kinds.count)
    }

    /// Nil for a name of another kind.
    private static func statements<Kind: Resource>(
        of kind: Kind.Type, _ text: String, in reader: Reader
    ) throws -> (there: [String], absent: [String])? {
        let cut = text.index(text.startIndex, offsetBy: text.count - 1)
        guard let name = Kind.Name(text), let other = Kind.Name("\(text[..<cut])~") else { return nil }
        let (there, absent) = (CountingReader(reader), CountingReader(reader))
        #expect(try Kind.find(name, in: there) != nil)
        #expect(try Kind.find(other, in: absent) == nil)
        return (there.statements, absent.statements)
    }
}

/// Notes what it is asked.
private final class CountingReader: Queryable {
    private let reader: Reader
    private(set) var statements: [String] = []

    init(_ reader: Reader) { self.reader = reader }

    func start(_ sql: SQL) throws(StoreError) -> Statement {
        statements.append(sql.text)
        return try reader.start(sql)
    }

    func finish(_ statement: Statement) { reader.finish(statement) }
}
