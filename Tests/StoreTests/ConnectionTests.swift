import TestSupport
import Testing

@testable import Store

@Suite("Connections")
struct ConnectionTests {
    private func value(_ pragma: String, _ connection: Connection) throws -> String {
        try connection.pragma("PRAGMA " + pragma)
    }

    @Test("the writer's connection is as DESIGN §5 asks: WAL, fsync at COMMIT, keys, no trust in the schema")
    func writer() throws {
        let folder = try TemporaryFolder()
        let connection = try Connection(StoreOptions(path: folder.path + "/cordee.db"), .readWrite)
        let expected = [
            "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0",
            "cell_size_check": "1", "secure_delete": "1", "wal_autocheckpoint": "0", "temp_store": "2",
        ]
        for (pragma, value) in expected { #expect(try self.value(pragma, connection) == value, "\(pragma)") }
    }

    @Test("a reader's connection trusts the schema no more, and cannot write")
    func reader() throws {
        let folder = try TemporaryFolder()
        let options = StoreOptions(path: folder.path + "/cordee.db")
        let writer = try Connection(options, .readWrite)
        let connection = try Connection(options, .readOnly)
        #expect(try value("trusted_schema", connection) == "0")
        #expect(connection.isReadOnly)
        #expect(!writer.isReadOnly)
    }
}
